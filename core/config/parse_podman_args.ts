/**
 * Further arguments for `podman create`: what may be given, and what carrel must decide itself.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { checkMountTarget } from "./parse_mount.ts";

/**
 * Options that are refused, each with the reason a person is told. Podman also takes its global
 * options after the subcommand (tried on 4.3), and normalises `--net` and `--purge`.
 */
const DENIED: ReadonlyMap<string, string> = new Map([
  // Identity: a task's container is found by its name, and a second one of that name is never removed.
  ["name", "carrel finds a task's container by its name"],
  ["replace", "it would remove another container"],
  ["annotation", "carrel annotates the container itself"],
  // It could hold carrel.* labels, and its content is not ours to check.
  ["label-file", "carrel labels the container itself; use --label"],
  // A pod is a lifetime and namespaces shared with strangers.
  ["pod", "a task's container stands alone"],
  ["pod-id-file", "a task's container stands alone"],
  ["init-ctr", "a task's container stands alone"],

  // Lifetime: the exit code and the output are read after the end, and the end is final.
  ["rm", "the container must survive its end, to be read"],
  ["rmi", "the image is not the task's to remove"],
  ["purge", "the container must survive its end, to be read"],
  ["detach", "carrel decides how it attaches"],
  ["attach", "carrel decides how it attaches"],
  ["restart", "a task that has ended stays ended"],
  ["timeout", "use run.timeout"],
  ["stop-timeout", "use run.shutdown_timeout"],
  ["help", "no container would be made"],

  // Isolation: each of these undoes it, or maps users in a way the workspace's ownership cannot follow.
  ["privileged", "it removes the isolation"],
  ["security-opt", "use run.unrestricted"],
  ["seccomp-policy", "it changes the isolation"],
  ["cap-add", "it changes the isolation"],
  ["cap-drop", "it changes the isolation"],
  ["userns", "carrel maps the users, so that the workspace is theirs"],
  ["uidmap", "carrel maps the users, so that the workspace is theirs"],
  ["gidmap", "carrel maps the users, so that the workspace is theirs"],
  ["subuidname", "carrel maps the users, so that the workspace is theirs"],
  ["subgidname", "carrel maps the users, so that the workspace is theirs"],
  // The host's processes (or another container's) would be in the task's reach.
  ["pid", "it removes the isolation"],
  // Another container's mounts could cover carrel's own, unseen here.
  ["volumes-from", "its mounts cannot be checked; use run.mounts"],

  // Environment: values never stand on an argument list, and the host's are not all meant for a task.
  ["env", "use run.env"],
  ["env-file", "use run.env"],
  ["env-host", "use run.env"],
  ["env-merge", "use run.env"],
  ["unsetenv", "use run.env"],
  ["unsetenv-all", "use run.env"],

  // What has a key of its own, lest two places disagree.
  ["network", "use run.network"],
  ["net", "use run.network"],
  ["user", "use run.user"],
  ["workdir", "use run.workdir"],
  ["memory", "use run.memory"],
  ["cpus", "use run.cpus"],
  ["pids-limit", "use run.pids"],
  ["pull", "use run.pull"],
  ["log-driver", "carrel reads the log that it asked for"],
  ["log-opt", "carrel reads the log that it asked for"],
  // carrel's init script stands before the image's own entrypoint.
  ["entrypoint", "use run.command"],
  ["rootfs", "use run.image"],

  // Programs that would run on the host, as the user.
  ["hooks-dir", "its hooks would run on the host"],
  ["conmon", "it would run on the host"],
  ["network-cmd-path", "it would run on the host"],
  ["runtime-flag", "it changes how the container is run on the host"],

  // Another place than the one where carrel looks for containers.
  ["connection", "use runtime.podman.connection"],
  ["url", "use runtime.podman.connection"],
  ["remote", "use runtime.podman.connection"],
  ["identity", "use runtime.podman.connection"],
  ["ssh", "use runtime.podman.connection"],
  ["context", "use runtime.podman.connection"],
  ["host", "use runtime.podman.connection"],
  ["config", "carrel would not find the container again"],
  ["module", "carrel would not find the container again"],
  ["namespace", "carrel would not find the container again"],
  ["ns", "carrel would not find the container again"],
  ["root", "carrel would not find the container again"],
  ["runroot", "carrel would not find the container again"],
  ["imagestore", "carrel would not find the container again"],
  ["storage-driver", "carrel would not find the container again"],
  ["storage-opt", "carrel would not find the container again"],
  ["tmpdir", "carrel would not find the container again"],
  ["volumepath", "carrel would not find the container again"],
  ["transient-store", "carrel would not find the container again"],
  ["db-backend", "carrel would not find the container again"],
  ["events-backend", "carrel would not see its events"],
  ["cgroup-manager", "carrel would not find the container again"],
  ["network-config-dir", "use run.network"],
  // The id of the new container is read from the output.
  ["noout", "carrel reads podman's output"],
  ["out", "carrel reads podman's output"],
  ["log-level", "carrel reads podman's output"],
  ["syslog", "carrel reads podman's output"],
]);

/** Options without a value. Every other one must have a value, or it would swallow the next argument. */
const SWITCHES: ReadonlySet<string> = new Set([
  "disable-content-trust",
  "http-proxy",
  "init",
  "interactive",
  "no-healthcheck",
  "no-hostname",
  "no-hosts",
  "oom-kill-disable",
  "passwd",
  "publish-all",
  "quiet",
  "read-only",
  "read-only-tmpfs",
  "tls-verify",
  "tty",
]);

/** Short options of `podman create` and `podman run`, and the one global one (`-r`). */
const SHORT: ReadonlyMap<string, string> = new Map([
  ["a", "attach"],
  ["c", "cpu-shares"],
  ["d", "detach"],
  ["e", "env"],
  ["h", "hostname"],
  ["i", "interactive"],
  ["l", "label"],
  ["m", "memory"],
  ["P", "publish-all"],
  ["p", "publish"],
  ["q", "quiet"],
  ["r", "remote"],
  ["t", "tty"],
  ["u", "user"],
  ["v", "volume"],
  ["w", "workdir"],
]);

interface Option {
  readonly name: string;
  /** Null for a switch. */
  readonly value: string | null;
}

/**
 * Checks further podman arguments and spells each as one word, `--name` or `--name=value`, so that
 * none of them can be taken for the value of another, or for the image. Throws `invalid_value`.
 *
 * @example
 * ```ts
 * import { AppError } from "../error.ts";
 * import { parsePodmanArgs } from "./parse_podman_args.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 * assertEquals(parsePodmanArgs(["--shm-size", "1g", "-p", "8000:80"]), ["--shm-size=1g", "--publish=8000:80"]);
 * assertThrows(() => parsePodmanArgs(["--privileged"]), AppError);
 * ```
 */
export function parsePodmanArgs(args: readonly string[]): readonly string[] {
  const words: string[] = [];
  const queue = [...args];
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    for (const option of readOptions(arg, queue)) {
      checkOption(option);
      words.push(option.value === null ? `--${option.name}` : `--${option.name}=${option.value}`);
    }
  }
  return words;
}

/** The options of one argument (a short cluster holds several); takes a value from `rest` if one is due. */
function readOptions(arg: string, rest: string[]): Option[] {
  if (/^--[a-z]/.test(arg)) {
    const at = arg.indexOf("=");
    const name = at === -1 ? arg.slice(2) : arg.slice(2, at);
    refuseDenied(name);
    if (at !== -1) return [{ name, value: arg.slice(at + 1) }];
    return [{ name, value: SWITCHES.has(name) ? null : takeValue(arg, rest) }];
  }
  if (/^-[A-Za-z]/.test(arg)) return readCluster(arg, rest);
  throw new AppError("invalid_value", `${JSON.stringify(arg)} is not an option of podman create`, {
    hint: "write options only, such as --shm-size=1g; the image is run.image, the command run.command",
  });
}

function readCluster(arg: string, rest: string[]): Option[] {
  const options: Option[] = [];
  for (let i = 1; i < arg.length; i++) {
    const name = SHORT.get(arg.charAt(i));
    if (name === undefined) {
      throw new AppError(
        "invalid_value",
        `unknown short option -${arg.charAt(i)} in ${JSON.stringify(arg)}`,
        {
          hint: "write the long form, --name=value",
        },
      );
    }
    refuseDenied(name);
    if (SWITCHES.has(name)) {
      options.push({ name, value: null });
      continue;
    }
    const attached = arg.slice(i + 1).replace(/^=/, "");
    options.push({ name, value: attached === "" ? takeValue(arg, rest) : attached });
    break;
  }
  return options;
}

function takeValue(arg: string, rest: string[]): string {
  const value = rest.shift();
  if (value !== undefined) return value;
  throw new AppError("invalid_value", `${arg} has no value`, { hint: `write ${arg}=VALUE` });
}

function refuseDenied(name: string): void {
  const reason = DENIED.get(name);
  if (reason === undefined) return;
  throw new AppError("invalid_value", `--${name} cannot be given here: ${reason}`);
}

/** Options that are fine in general, but not with every value. */
function checkOption({ name, value }: Option): void {
  if (value !== null && /\p{Cc}/u.test(value)) {
    throw new AppError("invalid_value", `the value of --${name} must not contain control characters`);
  }
  if (value === null) return;
  switch (name) {
    case "label":
      if (!value.startsWith("carrel.")) return;
      throw new AppError("invalid_value", "labels that begin with carrel. are carrel's own");
    case "runtime":
      // The OCI runtime; a path would be any program, run on the host.
      if (/^[a-z][a-z0-9-]*$/.test(value)) return;
      throw new AppError("invalid_value", "--runtime takes a name such as crun, not a path");
    case "volume": {
      const parts = value.split(":");
      return refuseTarget(parts.length > 1 ? parts[1] : parts[0]);
    }
    case "tmpfs":
      return refuseTarget(value.split(":")[0]);
    case "mount":
      return checkMount(value);
  }
}

function checkMount(value: string): void {
  // Podman reads this as CSV; quotes could hide a comma, and with it a target.
  if (value.includes('"')) throw new AppError("invalid_value", "--mount must not contain quotes");
  for (const field of value.split(",")) {
    const [key = "", ...path] = field.split("=");
    if (["target", "destination", "dst"].includes(key.trim())) refuseTarget(path.join("="));
  }
}

function refuseTarget(target = ""): void {
  checkMountTarget(target);
}
