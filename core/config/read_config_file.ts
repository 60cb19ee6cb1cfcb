/**
 * A configuration file as a layer.
 *
 * @module
 */
import { isAppError } from "../error.ts";
import type { ProjectId } from "../identity/project_id.ts";
import type { Files } from "../port/host.ts";
import { findKeyLine } from "../yaml/block_map.ts";
import { evaluateValue, type Flaw, newProblem } from "./evaluate_value.ts";
import { CONFIG_KEY_NAMES, type ConfigKey, isConfigKey, keyRule } from "./keys.ts";
import { type Finding, type Layer, type Origin, sectionOf, type Statement } from "./layer.ts";
import { isMap, parseYamlBounded, YAML_BYTES_MAX, type YamlDocument } from "./parse_yaml_bounded.ts";
import { REFERENCE_KEYS } from "./reference_keys.ts";

/** Which file, and whose. */
export interface ConfigFile {
  readonly kind: "project" | "user" | "system";
  readonly path: string;
  /** Whose project.yml it is; null for config.yml. */
  readonly project: ProjectId | null;
}

/** Keys that hold keys. */
const SECTIONS: ReadonlySet<string> = new Set(
  [...CONFIG_KEY_NAMES, ...REFERENCE_KEYS.keys()].flatMap(parentsOf),
);

/** What a misspelt key may have meant. */
const CANDIDATES: readonly string[] = [
  ...new Set(CONFIG_KEY_NAMES.flatMap((key) => [key, ...parentsOf(key)])),
];

/**
 * Reads a file; one that does not exist says nothing. Never throws for what is in the file, or for what the file
 * is; `storage_failed` when the machine cannot read at the moment.
 */
export async function readConfigFile(files: Pick<Files, "read">, file: ConfigFile): Promise<Layer> {
  const reader = new FileReader(file);
  try {
    await reader.read(await files.read(file.path, { maxBytes: YAML_BYTES_MAX + 1 }));
  } catch (error) {
    // A disk that fails, or too many open files, tells nothing about the file.
    if (!isAppError(error) || error.code === "storage_failed") throw error;
    if (error.code !== "file_not_found") await reader.refuse(error.message, null);
  }
  return reader;
}

class FileReader implements Layer {
  readonly findings: Finding[] = [];
  readonly warnings: string[] = [];
  readonly #file: ConfigFile;
  readonly #statements = new Map<ConfigKey, Statement>();
  #text = "";

  constructor(file: ConfigFile) {
    this.#file = file;
  }

  statement(key: ConfigKey): Statement | undefined {
    return this.#statements.get(key);
  }

  /** Marks the file as unreadable: whatever it may say, it says wrongly. */
  async refuse(message: string, line: number | null): Promise<void> {
    const origin: Origin = { kind: this.#file.kind, where: this.#file.path, line };
    const problem = await newProblem(origin, { path: [], message });
    this.findings.push({ section: null, problem });
    this.#spoil(CONFIG_KEY_NAMES, { origin, value: null, problem });
  }

  async read(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (bytes.length > YAML_BYTES_MAX) return await this.refuse("the file is larger than 1 MiB", null);
    let document: YamlDocument;
    try {
      this.#text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      document = await parseYamlBounded(this.#text);
    } catch (error) {
      if (error instanceof TypeError) return await this.refuse("the file is not valid UTF-8", null);
      if (!isAppError(error)) throw error;
      const { line } = error.details;
      return await this.refuse(
        `the file is not usable: ${error.message}`,
        typeof line === "number" ? line : null,
      );
    }
    if (document.typed === null) return;
    if (!isMap(document.typed)) return await this.refuse("the file must be a map of keys", 1);
    await this.#readSection([], document.typed, document.written);
    this.#guardRoot();
  }

  async #readSection(parents: readonly string[], typed: Record<string, unknown>, written: unknown) {
    for (const [name, value] of Object.entries(typed)) {
      const path = [...parents, name];
      const key = path.join(".");
      const text = isMap(written) ? written[name] : undefined;
      // `run.image: x` at the top is a key with a dot in its name, not a key in a section.
      if (name.includes(".")) await this.#addUnknown(path);
      else if (isConfigKey(key)) await this.#readKey(key, text === undefined ? [value] : [text, value]);
      else if (REFERENCE_KEYS.has(key)) this.#warnUnused(key, path);
      else if (!SECTIONS.has(key)) await this.#addUnknown(path);
      else if (isMap(value)) await this.#readSection(path, value, text);
      else if (value !== null) await this.#addMalformedSection(path, value);
    }
  }

  async #readKey(key: ConfigKey, readings: readonly unknown[]): Promise<void> {
    const origin = this.#originOf(key.split("."));
    const wanted = this.#file.kind === "project" ? "project" : "global";
    if (!keyRule(key).scopes.includes(wanted)) {
      const home = wanted === "project" ? "config.yml" : "project.yml";
      await this.#addFinding({ path: key.split("."), message: `belongs in ${home}` });
      return;
    }
    const verdict = evaluateValue(key, readings);
    if (verdict.kind === "unset") return;
    const flaw = verdict.kind === "flaw" ? verdict.flaw : this.#flawOfName(key, verdict.value);
    const problem = flaw === null ? null : await this.#addFinding(flaw);
    const value = verdict.kind === "value" ? verdict.value : readings.at(-1);
    this.#statements.set(key, { origin, value, problem });
  }

  /** The directory is the identity; a file that says otherwise was copied or renamed by half. */
  #flawOfName(key: ConfigKey, value: unknown): Flaw | null {
    if (key !== "project.name" || value === this.#file.project) return null;
    return {
      path: key.split("."),
      message: `must be ${this.#file.project}, the name of the project's directory`,
      hint: "correct it or leave it out; words for people go to project.description",
    };
  }

  #warnUnused(key: string, path: readonly string[]): void {
    const { where, line } = this.#originOf(path);
    const instead = REFERENCE_KEYS.get(key) ?? null;
    this.warnings.push(
      `${where}${line === null ? "" : `:${line}`}: carrel does not use ${key}` +
        (instead === null ? "" : `; write ${instead}`),
    );
  }

  async #addUnknown(path: readonly string[]): Promise<void> {
    const dotted = path.at(-1)?.includes(".") === true;
    const message = dotted ? "unknown key, sections are nested and not dotted" : "unknown key";
    await this.#addFinding({ path, message, candidates: CANDIDATES });
  }

  async #addMalformedSection(path: readonly string[], value: unknown): Promise<void> {
    const problem = await this.#addFinding({ path, message: "must be a map of keys" });
    const inside = CONFIG_KEY_NAMES.filter((key) => key.startsWith(`${path.join(".")}.`));
    this.#spoil(inside, { origin: this.#originOf(path), value, problem });
  }

  async #addFinding(flaw: Flaw) {
    const problem = await newProblem(this.#originOf(flaw.path), flaw);
    const [section = ""] = flaw.path;
    const { nearest } = problem.details;
    // A misspelt section concerns the one that was meant.
    const concerned = flaw.path.length === 1 && typeof nearest === "string" ? sectionOf(nearest) : section;
    this.findings.push({ section: concerned, problem });
    return problem;
  }

  /**
   * Whatever is wrong beside `paths.root` may be a misspelt root, and a root that moves silently
   * makes every task disappear.
   */
  #guardRoot(): void {
    const suspect = this.findings.find(({ section }) => section === "paths");
    if (suspect === undefined || this.#statements.has("paths.root")) return;
    this.#spoil(["paths.root"], {
      origin: this.#originOf(["paths"]),
      value: null,
      problem: suspect.problem,
    });
  }

  /** Makes the statement stand for all of the keys that this kind of file may hold. */
  #spoil(keys: readonly ConfigKey[], statement: Statement): void {
    const scope = this.#file.kind === "project" ? "project" : "global";
    for (const key of keys) {
      if (keyRule(key).scopes.includes(scope)) this.#statements.set(key, statement);
    }
  }

  #originOf(path: readonly string[]): Origin {
    const text = this.#text;
    return {
      kind: this.#file.kind,
      where: this.#file.path,
      // Most origins are never asked for their line.
      get line() {
        return findKeyLine(text, path);
      },
    };
  }
}

/** `run` and `run.web` of `run.web.port`. */
function parentsOf(key: string): string[] {
  const parts = key.split(".");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("."));
}
