/**
 * Facts of the real machine, each looked up when it is first asked for.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { invariant } from "../invariant.ts";
import type { System } from "../port/host.ts";
import { attempt, fromOsError } from "./from_os_error.ts";

/** The real {@linkcode System}. `selfArgv` defaults to the compiled binary, or `deno run` of the main module. */
export function newDenoSystem(selfArgv?: System["selfArgv"]): System {
  const homeDir = lazy(findHomeDir);
  const cwd = lazy(findCwd);
  const user = lazy(findUser);
  const self = lazy(() => selfArgv ?? findSelfArgv());
  return {
    get uid() {
      return numeric(Deno.uid());
    },
    get gid() {
      return numeric(Deno.gid());
    },
    get hostname() {
      return Deno.hostname();
    },
    get homeDir() {
      return homeDir();
    },
    get pid() {
      return Deno.pid;
    },
    get user() {
      return user();
    },
    hasDisk: true,
    get cwd() {
      return cwd();
    },
    get selfArgv() {
      return self();
    },
    bootId: () =>
      attempt("read the boot id", () => Deno.readTextFileSync("/proc/sys/kernel/random/boot_id").trim()),
    pidNamespace: () => attempt("read the PID namespace", () => Deno.readLinkSync("/proc/self/ns/pid")),
  };
}

/** What passwd(5) says of a user. */
export interface PasswdEntry {
  /** The name. */
  readonly name: string;
  /** The home directory. */
  readonly homeDir: string;
}

/**
 * A user in the text of passwd(5); null when the user is not listed.
 *
 * @example
 * ```ts
 * import { passwdEntry } from "./deno_system.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(passwdEntry("root:x:0:0:root:/root:/bin/sh\n", 0), { name: "root", homeDir: "/root" });
 * ```
 */
export function passwdEntry(passwd: string, uid: number): PasswdEntry | null {
  for (const line of passwd.split("\n")) {
    const [name = "", , id, , , homeDir] = line.split(":");
    if (id === String(uid) && homeDir !== undefined && homeDir.startsWith("/")) return { name, homeDir };
  }
  return null;
}

function findHomeDir(): string {
  const fromEnv = Deno.env.get("HOME");
  if (fromEnv !== undefined && fromEnv.startsWith("/")) return fromEnv;
  return ownPasswdEntry()?.homeDir ?? "/";
}

/** The variables that say it may be anybody's words: the system's own list counts. */
function findUser(): string {
  return ownPasswdEntry()?.name ?? String(numeric(Deno.uid()));
}

function ownPasswdEntry(): PasswdEntry | null {
  try {
    return passwdEntry(Deno.readTextFileSync("/etc/passwd"), numeric(Deno.uid()));
  } catch {
    return null;
  }
}

function findCwd(): string {
  try {
    return Deno.cwd();
  } catch (error) {
    throw fromOsError(error, "find the current directory");
  }
}

function findSelfArgv(): System["selfArgv"] {
  if (Deno.build.standalone) return [Deno.execPath()];
  return [Deno.execPath(), "run", "--allow-all", "--quiet", fromFileUrl(Deno.mainModule)];
}

/** Linux always knows them; Deno's types also speak for systems that do not. */
function numeric(id: number | null): number {
  invariant(id !== null, "carrel runs on Linux, where users and groups have numbers");
  return id;
}

function lazy<Value>(find: () => Value): () => Value {
  let found: { value: Value } | undefined;
  return () => (found ??= { value: find() }).value;
}
