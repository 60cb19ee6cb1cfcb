/**
 * Mounts and lists as podman's flags want them written.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";
import type { Mount } from "../../core/port/runtime.ts";

const VOLUME_RELABEL = { private: ["Z"], shared: ["z"], none: [] } as const;

/**
 * The flag for one mount: `-v`, or the longer `--mount` where a path has a colon. `invalid_value` for a
 * path that is not absolute, which podman would take for the name of a volume.
 *
 * @example
 * ```ts
 * import { mountFlag } from "./mount_flag.ts";
 * import { assertEquals } from "@std/assert";
 * const mount = { source: "/srv/w", target: "/workspace", readOnly: true, relabel: "private", own: true } as const;
 * assertEquals(mountFlag(mount), ["-v", "/srv/w:/workspace:ro,Z"]);
 * ```
 */
export function mountFlag({ source, target, readOnly, relabel }: Mount): [string, string] {
  for (const path of [source, target]) {
    if (!path.startsWith("/")) {
      throw new AppError("invalid_value", `cannot mount ${path}: not an absolute path`);
    }
  }
  if (!source.includes(":") && !target.includes(":")) {
    const options = [...(readOnly ? ["ro"] : []), ...VOLUME_RELABEL[relabel]].join(",");
    return ["-v", `${source}:${target}${options === "" ? "" : `:${options}`}`];
  }
  const fields = ["type=bind", `src=${source}`, `dst=${target}`];
  if (readOnly) fields.push("ro=true");
  if (relabel !== "none") fields.push(`relabel=${relabel}`);
  return ["--mount", fields.map(csvField).join(",")];
}

/**
 * One field of a comma-separated list as podman's flag parser reads it (Go's encoding/csv).
 *
 * @example
 * ```ts
 * import { csvField } from "./mount_flag.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(["plain", 'a,"b"'].map(csvField), ["plain", '"a,""b"""']);
 * ```
 */
export function csvField(text: string): string {
  return needsCsv(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** True when the text is written differently as a field of a list. */
export function needsCsv(text: string): boolean {
  return /[",]/.test(text);
}
