/**
 * What every part of the podman runtime works with.
 *
 * @module
 */
import { join } from "@std/path";
import { AppError } from "../../core/error.ts";
import type { Host } from "../../core/port/host.ts";
import * as z from "zod/mini";
import { parseAnswer } from "./engine_text.ts";
import { PodmanClient } from "./podman_client.ts";

/** Where podman looks for the program behind `--init`. */
const INIT_DIRS = [
  "/usr/local/libexec/podman",
  "/usr/local/lib/podman",
  "/usr/libexec/podman",
  "/usr/lib/podman",
];
const INIT_PROGRAM = "catatonit";
const ANY_EXECUTE_BIT = 0o111;

/** The oldest version that has everything that is used. */
const OLDEST: Version = { major: 4, minor: 3 };

/** What podman calls itself. */
export interface Version {
  readonly major: number;
  readonly minor: number;
}

const VersionAnswer = z.object({
  Client: z.object({ Version: z.string() }),
  Server: z.nullish(z.object({ Version: z.string() })),
});

const InfoAnswer = z.object({
  host: z.object({ security: z.object({ rootless: z.boolean() }) }),
});

/** One podman engine: the program, the machine, and facts that are asked for once. */
export class Engine {
  readonly host: Host;
  readonly client: PodmanClient;
  /** carrel's root; its containers carry it as a label. */
  readonly root: string;
  /** For files that only podman shall read. */
  readonly privateDir: string;
  /** The containers run elsewhere: their processes and files cannot be looked at. */
  readonly isRemote: boolean;
  #rootless: boolean | undefined;
  #hasInit: boolean | undefined;
  #splitsLists: boolean | undefined;

  constructor(host: Host, options: { root: string; stateDir: string; connection: string | null }) {
    this.host = host;
    this.client = new PodmanClient(host, options.connection);
    this.root = options.root;
    this.privateDir = join(options.stateDir, "podman");
    this.isRemote = options.connection !== null;
  }

  /** Whether containers run in a user namespace of an ordinary user. */
  async isRootless(): Promise<boolean> {
    this.#rootless ??= this.isRemote ? await this.askRootless() : this.host.system.uid !== 0;
    return this.#rootless;
  }

  /** Whether `--init` works. */
  async hasInit(): Promise<boolean> {
    this.#hasInit ??= !this.isRemote && await this.#findInit();
    return this.#hasInit;
  }

  /** Whether `--annotation` and `--log-opt` split their values at commas. */
  async splitsLists(): Promise<boolean> {
    this.#splitsLists ??= parseVersion(await this.askVersion()).major < 5;
    return this.#splitsLists;
  }

  /** The version of the engine that makes the containers, as podman writes it. */
  async askVersion(): Promise<string> {
    const answer = parseAnswer(
      "version",
      VersionAnswer,
      await this.client.ask(["version", "--format", "json"]),
    );
    return (answer.Server ?? answer.Client).Version;
  }

  /** `runtime_unavailable` for a version that lacks something that is used. */
  async requireSupported(): Promise<void> {
    const version = await this.askVersion();
    if (isSupported(parseVersion(version))) return;
    throw new AppError("runtime_unavailable", tooOld(version), {
      hint: "install a newer podman, or choose another runtime with run.runtime",
    });
  }

  /** Asks the engine itself whether it is rootless; also proves that its storage works. */
  async askRootless(): Promise<boolean> {
    const answer = await this.client.ask(["info", "--format", "json"]);
    return parseAnswer("info", InfoAnswer, answer).host.security.rootless;
  }

  async #findInit(): Promise<boolean> {
    for (const dir of INIT_DIRS) {
      const info = await this.host.files.info(join(dir, INIT_PROGRAM));
      if (info !== null && info.kind !== "directory" && (info.mode & ANY_EXECUTE_BIT) !== 0) return true;
    }
    return false;
  }
}

/**
 * Major and minor of a version text; `runtime_failed` when it has none.
 *
 * @example
 * ```ts
 * import { parseVersion } from "./engine.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseVersion("5.4.0-rc1"), { major: 5, minor: 4 });
 * ```
 */
export function parseVersion(text: string): Version {
  const match = /^v?(\d+)\.(\d+)/.exec(text);
  if (match === null) throw new AppError("runtime_failed", `podman calls its version "${text}"`);
  return { major: Number(match[1]), minor: Number(match[2]) };
}

/** What is wrong with a version that is not supported. */
export function tooOld(version: string): string {
  return `podman ${version} is too old: ${OLDEST.major}.${OLDEST.minor} or newer is needed`;
}

/** True when the version has everything that is used. */
export function isSupported({ major, minor }: Version): boolean {
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
}
