/**
 * The text of a new project.yml.
 *
 * @module
 */
import { AppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import { encodeDocument } from "../yaml/scalar.ts";
import type { YamlValue } from "../yaml/yaml_value.ts";
import { evaluateValue } from "./evaluate_value.ts";
import type { ConfigKey } from "./keys.ts";

/** Settings as they are given, by key; null ones are left out. */
export type ProjectSettings = Readonly<Partial<Record<ConfigKey, string | null>>>;

/**
 * Writes a project.yml with these settings. Throws `invalid_value` for one that the configuration
 * would not accept.
 *
 * @example
 * ```ts
 * import { encodeProjectFile } from "./project_file.ts";
 * import { parseProjectId } from "../identity/project_id.ts";
 * import { assertEquals } from "@std/assert";
 * const text = encodeProjectFile(parseProjectId("demo"), { "run.image": "debian:12" });
 * assertEquals(text, "project:\n  name: demo\nrun:\n  image: debian:12\n");
 * ```
 */
export function encodeProjectFile(project: ProjectId, settings: ProjectSettings): string {
  const sections: Record<string, Record<string, YamlValue>> = { project: { name: project } };
  for (const [key, value] of Object.entries(settings) as [ConfigKey, string | null][]) {
    if (value === null) continue;
    const verdict = evaluateValue(key, [value]);
    if (verdict.kind === "flaw") {
      // The value is not repeated: a URL may hold a password.
      throw new AppError("invalid_value", `${key}: ${verdict.flaw.message}`, {
        ...(verdict.flaw.hint == null ? {} : { hint: verdict.flaw.hint }),
      });
    }
    if (verdict.kind === "unset") {
      throw new AppError("invalid_value", `${key}: the value is empty`, { hint: "leave it out" });
    }
    const [section = "", name = ""] = key.split(".");
    sections[section] = { ...sections[section], [name]: value };
  }
  return encodeDocument(sections);
}
