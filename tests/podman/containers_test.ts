/**
 * What only real containers can show, rootful or rootless: ownership, deaths, environment, odd paths.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { ContainerSpec } from "../../core/port/runtime.ts";
import { PodmanRuntime } from "../../runtimes/podman/podman_runtime.ts";
import { readOutputText, safety } from "../contract/runtime_bench.ts";
import { newTestSpec } from "../support/test_spec.ts";
import {
  newContainerName,
  newProjectName,
  podman,
  podmanContext,
  removeMade,
  TEST_IMAGE,
  whyNoPodman,
} from "./podman_here.ts";

const why = await whyNoPodman();
const isRoot = Deno.uid() === 0;

/** A runtime with a root of its own, whose containers and files go away with it. */
interface Desk extends AsyncDisposable {
  readonly runtime: PodmanRuntime;
  readonly directory: string;
  readonly workspace: string;
  /** A spec whose workspace belongs to the container's user. */
  newSpec(overrides: Partial<ContainerSpec>): ContainerSpec;
  /** Creates, starts and waits; the exit code with both streams. */
  run(spec: ContainerSpec): Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Registers a test that is ignored, with the reason, where no container can run. */
function onPodman(words: string, holds: (desk: Desk) => Promise<void>, { needsRoot = false } = {}): void {
  const reason = why !== null ? `cannot run here: ${why}` : needsRoot && !isRoot ? "needs root" : null;
  Deno.test({
    name: reason === null ? `podman: ${words}` : `podman: ${words} (${reason})`,
    ignore: reason !== null,
    fn: async () => {
      await using desk = await newDesk();
      await holds(desk);
    },
  });
}

async function newDesk(): Promise<Desk> {
  const directory = await Deno.makeTempDir();
  const workspace = join(directory, "workspace");
  for (const name of ["workspace", "agent-config", "logs"]) {
    await Deno.mkdir(join(directory, name), { mode: 0o700 });
  }
  const runtime = new PodmanRuntime(podmanContext(join(directory, "root")));
  const project = newProjectName();
  const own = { readOnly: false, relabel: "private", own: true } as const;
  return {
    runtime,
    directory,
    workspace,
    newSpec: (overrides) =>
      newTestSpec(newContainerName(project), directory, {
        image: TEST_IMAGE,
        network: "none",
        mounts: [{ source: workspace, target: "/workspace", ...own }],
        ...overrides,
      }),
    run: async (spec) => {
      await runtime.create(spec);
      await runtime.start(spec.name);
      const { code } = await runtime.wait(spec.name, { signal: safety() });
      return { code, ...await readOutputText(runtime, spec.name) };
    },
    [Symbol.asyncDispose]: async () => {
      await removeMade(runtime);
      // Files that a mapped user made are beyond an ordinary user's reach.
      if (!isRoot) await podman("unshare", "rm", "-rf", workspace);
      await Deno.remove(directory, { recursive: true });
    },
  };
}

const WRITE = ["sh", "-c", "id -u; mkdir sub && echo made > sub/new && cat old && rm old"];

onPodman("a user of the image writes its workspace", async (desk) => {
  await Deno.writeTextFile(join(desk.workspace, "old"), "left by carrel\n", { mode: 0o600 });
  await Deno.symlink("/etc/hostname", join(desk.workspace, "link"));
  const before = await Deno.stat("/etc/hostname");
  const context = join(desk.directory, "context");
  await Deno.mkdir(context);
  await Deno.writeTextFile(join(context, "Containerfile"), `FROM ${TEST_IMAGE}\nUSER dev\n`);
  const image = `localhost/${newProjectName()}`;
  await podman("build", "--quiet", "--tag", image, context);
  try {
    const spec = desk.newSpec({ image, command: WRITE });
    const { code, stdout, stderr } = await desk.run(spec);
    // Rootless, the task is the person who runs it, whatever the image says.
    const uid = isRoot ? 1234 : 1000;
    assertEquals({ code, stdout, stderr }, { code: 0, stdout: `${uid}\nleft by carrel\n`, stderr: "" });
    const made = await Deno.stat(join(desk.workspace, "sub/new"));
    assertEquals([made.uid, made.gid], isRoot ? [1234, 2345] : [Deno.uid(), Deno.gid()]);
    const after = await Deno.stat("/etc/hostname");
    assertEquals([after.uid, after.gid], [before.uid, before.gid]);
    await desk.runtime.remove([spec.name]);
  } finally {
    await podman("rmi", "--force", image);
  }
});

for (const [user, uid] of [["dev", 1234], ["77:88", 77], ["77", 77], ["root", 0]] as const) {
  onPodman(`run.user ${user} writes its workspace`, async (desk) => {
    await Deno.writeTextFile(join(desk.workspace, "old"), "left by carrel\n", { mode: 0o600 });
    const answer = await desk.run(desk.newSpec({ user, command: WRITE }));
    assertEquals(answer, { code: 0, stdout: `${uid}\nleft by carrel\n`, stderr: "" });
    // carrel itself must still be able to read what the task wrote.
    assertEquals(await Deno.readTextFile(join(desk.workspace, "sub/new")), "made\n");
  });
}

onPodman("variables that podman reads itself reach the task and not podman", async (desk) => {
  const env = {
    PATH: "/bin:/usr/bin:/nowhere",
    HOME: "/workspace",
    LD_PRELOAD_NOT: "x",
    XDG_RUNTIME_DIR: "/nowhere",
    CONTAINERS_CONF: "/nowhere",
    TMPDIR: "/nowhere",
    https_proxy: "http://proxy.invalid:1",
    GODEBUG: "x=y",
    NOTE: "two\nlines",
  };
  const names = Object.keys(env);
  const script = names.map((name) => `printf '%s|' "$${name}"`).join(";");
  const { code, stdout, stderr } = await desk.run(desk.newSpec({ env, command: ["sh", "-c", script] }));
  assertEquals([code, stdout, stderr], [0, Object.values(env).map((value) => `${value}|`).join(""), ""]);
});

onPodman("paths with colons, commas and quotes are mounted and logged to", async (desk) => {
  const odd = join(desk.directory, 'a:b,c"d');
  await Deno.mkdir(odd);
  await Deno.writeTextFile(join(odd, "file"), "found");
  const spec = desk.newSpec({
    command: ["cat", "/odd/file"],
    mounts: [{ source: odd, target: "/odd", readOnly: true, relabel: "private", own: false }],
    workdir: "/",
    logPath: join(desk.directory, 'a,b"c.log'),
    annotations: { "dossier.meta_path": odd },
  });
  assertEquals((await desk.run(spec)).stdout, "found");
  assert((await Deno.stat(spec.logPath)).size > 0);
  const format = '{{index .Config.Annotations "dossier.meta_path"}}';
  assertEquals(await podman("container", "inspect", "--format", format, spec.name), odd);
});

onPodman("a read-only mount cannot be written", async (desk) => {
  const mount = { source: desk.workspace, target: "/workspace", relabel: "none", own: false } as const;
  const command = ["sh", "-c", "echo x > /workspace/x"];
  const { code } = await desk.run(desk.newSpec({ command, mounts: [{ ...mount, readOnly: true }] }));
  assertEquals(code, 1);
});

onPodman("a kill from outside is a death by signal", async (desk) => {
  const spec = desk.newSpec({ command: ["sleep", "1000"] });
  await desk.runtime.create(spec);
  await desk.runtime.start(spec.name);
  await podman("kill", "--signal", "KILL", spec.name);
  const { code, reason } = await desk.runtime.wait(spec.name, { signal: safety() });
  assertEquals([code, reason], [137, "signal"]);
});

onPodman("a kill under a memory limit is not called a signal", async (desk) => {
  const spec = desk.newSpec({ command: ["sleep", "1000"], memory: "64m" });
  await desk.runtime.create(spec);
  await desk.runtime.start(spec.name);
  await podman("kill", "--signal", "KILL", spec.name);
  const { code, reason } = await desk.runtime.wait(spec.name, { signal: safety() });
  assertEquals([code, reason], [137, "unknown"]);
}, { needsRoot: true });

onPodman("a container whose process and watcher died unseen is gone, and can be removed", async (desk) => {
  const spec = desk.newSpec({ command: ["sleep", "1000"] });
  await desk.runtime.create(spec);
  await desk.runtime.start(spec.name);
  const pids = await podman(
    "container",
    "inspect",
    "--format",
    "{{.State.ConmonPid}} {{.State.Pid}}",
    spec.name,
  );
  for (const pid of pids.split(" ")) Deno.kill(Number(pid), "SIGKILL");
  const report = await desk.runtime.wait(spec.name, { signal: safety() });
  assertEquals(report, { code: null, reason: "unknown", finishedAtMicros: null });
  assertEquals(await desk.runtime.remove([spec.name]), [{ name: spec.name, removed: true, error: null }]);
});

onPodman("a paused container is stopped", async (desk) => {
  const spec = desk.newSpec({ command: ["sh", "-c", "trap 'exit 3' TERM; while :; do sleep 0.1; done"] });
  await desk.runtime.create(spec);
  await desk.runtime.start(spec.name);
  await podman("pause", spec.name);
  await desk.runtime.stop(spec.name, { graceMs: 10_000 });
  const { exit, state } = (await desk.runtime.states({ names: [spec.name] })).get(spec.name) ?? {};
  assert(state !== "running" && state !== "paused");
  assert(exit !== null);
}, { needsRoot: true });

onPodman("the image's entrypoint stands before the command, or not", async (desk) => {
  const context = join(desk.directory, "context");
  await Deno.mkdir(context);
  const file = `FROM ${TEST_IMAGE}\nENTRYPOINT ["echo", "entry"]\nCMD ["command"]\n`;
  await Deno.writeTextFile(join(context, "Containerfile"), file);
  const image = `localhost/${newProjectName()}`;
  await podman("build", "--quiet", "--tag", image, context);
  try {
    const outputs: string[] = [];
    for (
      const overrides of [
        { entrypoint: "image", command: null },
        { entrypoint: "image", command: ["-n", "--", "mine"] },
        { entrypoint: "image", command: null, prelude: ["sh", "-c", 'printf "first "; exec "$@"', "sh"] },
        { entrypoint: "none", command: ["echo", "-n", "mine"] },
        { entrypoint: "none", command: ["env"] },
      ] as const
    ) {
      const spec = desk.newSpec({ image, ...overrides });
      outputs.push((await desk.run(spec)).stdout);
      await desk.runtime.remove([spec.name]);
    }
    const last = outputs.pop() ?? "";
    assertEquals(outputs, ["entry command\n", "entry -n -- mine\n", "first entry command\n", "mine"]);
    assert(last.includes("PATH="));
  } finally {
    await podman("rmi", "--force", image);
  }
});

onPodman("a container of the reference is found by its name", async (desk) => {
  const project = newProjectName();
  const name = newContainerName(project);
  await podman("create", "--name", name, "--network", "none", TEST_IMAGE, "true");
  try {
    assertEquals([...(await desk.runtime.states({ project })).keys()], [name]);
    assertEquals([...(await desk.runtime.states({ project: "carrel" })).keys()], []);
    assertEquals(await desk.runtime.remove([name]), [{ name, removed: true, error: null }]);
  } finally {
    await podman("rm", "--force", "--ignore", name);
  }
});
