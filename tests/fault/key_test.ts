/**
 * A request under an idempotency key converges to one result, whichever write its process dies at.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { osFailure } from "../../core/host/os_failure.ts";
import { type FaultPlan, type FaultyHost, HostDied, newFaultyHost } from "../support/faulty_host.ts";
import { newFaultyState } from "../support/faulty_state.ts";
import { newProgram, type Program, projectFile, type Ran, recordsDir, ROOT } from "../support/program.ts";

const KEY = ["--idempotency-key", "the key", "--json"];

/** A request, what it is made on, and what there must be in the end. */
interface Request {
  readonly words: readonly string[];
  /** Lines run before; `{id}` later stands for the task that the last one printed with `-q`. */
  readonly before: readonly string[];
  readonly stdin?: string;
  /** Puts something there by hand, given the id of the last task made. */
  readonly put?: (files: Program["host"]["files"], id: string) => void;
  /** Tasks, archives and containers in the end. */
  readonly leaves: readonly [tasks: number, archives: number, containers: number];
}

const REQUESTS: readonly Request[] = [
  { before: [], words: ["task", "new", "demo", "--name", "fresh"], leaves: [1, 0, 0] },
  { before: [], words: ["task", "run", "demo", "--detach", "--", "work"], leaves: [1, 0, 1] },
  { before: [], words: ["task", "run", "demo", "--", "work"], leaves: [1, 0, 1] },
  {
    before: ["task new demo"],
    words: ["task", "run", "{id}", "--prompt", "-", "--", "work"],
    stdin: "do it",
    leaves: [1, 0, 1],
  },
  { before: ["task run demo --detach -- work"], words: ["task", "restart", "{id}"], leaves: [1, 0, 1] },
  {
    before: ["task run demo --detach -- work"],
    words: ["task", "rename", "{id}", "other"],
    leaves: [1, 0, 1],
  },
  { before: ["task run demo --detach -- work"], words: ["task", "stop", "{id}"], leaves: [1, 0, 1] },
  {
    before: ["task run demo --detach -- work"],
    words: ["task", "followup", "{id}", "more"],
    leaves: [1, 0, 1],
  },
  { before: ["task run demo --detach -- work"], words: ["task", "delete", "{id}"], leaves: [0, 1, 0] },
  {
    before: ["task run demo --detach -- work"],
    words: ["task", "delete", "--purge", "--yes", "{id}"],
    leaves: [0, 0, 0],
  },
  {
    before: ["task new demo --name a", "task new demo --name b"],
    words: ["task", "delete", "-"],
    stdin: "{all}",
    leaves: [0, 2, 0],
  },
  {
    before: ["task run demo --detach -- work", "task delete {id}"],
    words: ["archive", "restore", "{id}"],
    leaves: [1, 0, 0],
  },
  {
    before: ["task run demo --detach -- work", "task delete {id}"],
    put: (files, id) => {
      files.putDir(`${ROOT}/sandbox-live/tasks/demo/${id}/workspace-dangerous`);
      files.put(`${recordsDir("demo")}/${id}_meta.yml`, "mode:\n");
    },
    words: ["archive", "restore", "{id}"],
    leaves: [2, 0, 0],
  },
  {
    before: ["task new demo", "task delete {id}"],
    words: ["archive", "prune", "demo", "--keep-last", "0", "--yes"],
    leaves: [0, 0, 0],
  },
  {
    before: ["task new demo"],
    put: (files) => {
      files.put(
        `${ROOT}/archive/demo/tasks/.pruned-20260101T000000000000Z_q7m2x.0123456789abcdef/task.json`,
        "{}",
      );
      files.put(`${ROOT}/sandbox/clone-cache/gone/.git/HEAD`, "x");
    },
    words: ["storage", "prune"],
    leaves: [1, 0, 0],
  },
  { before: [], words: ["project", "new", "other", "--runtime", "fake"], leaves: [0, 0, 0] },
  { before: ["task new demo"], words: ["project", "delete", "demo", "--with-tasks"], leaves: [0, 1, 0] },
  { before: [], words: ["agent", "register", "codex", "--priority", "3"], leaves: [0, 0, 0] },
  { before: ["agent register codex"], words: ["agent", "suspend", "codex"], leaves: [0, 0, 0] },
  // Done twice, it would be refused.
  { before: [], words: ["context", "set", "state", "codex", "{}", "--if-version", "0"], leaves: [0, 0, 0] },
  { before: [], words: ["context", "merge", "state", "codex", '{"a":1}'], leaves: [0, 0, 0] },
  { before: [], words: ["context", "merge", "session", "flow", '{"a":1}'], leaves: [0, 0, 0] },
  {
    before: ["task run demo --detach -- work"],
    put: (files, id) =>
      files.put(`${ROOT}/sandbox-live/tasks/demo/${id}/agent-config/escalation.yml`, "reason: may I?\n"),
    words: ["escalation", "resolve", "{id}", "abort", "--note", "no"],
    leaves: [1, 0, 1],
  },
];

/** A machine on which the request can be made, and its words and stdin there. */
async function newScene(request: Request) {
  const script = { runtime: "fake", fake: { stdout: "made\n" } };
  const program = newProgram({ files: { [projectFile("demo")]: `run: ${JSON.stringify(script)}\n` } });
  const made: string[] = [];
  for (const line of request.before) {
    const { code, stdout, stderr } = await program.run([
      "-q",
      ...line.replace("{id}", made[0] ?? "").split(" "),
    ]);
    assertEquals([code, stderr], [0, ""], line);
    made.push(stdout.trim());
  }
  request.put?.(program.host.files, (made[0] ?? "").replace("demo/", ""));
  const words = request.words.map((word) => word.replace("{id}", made[0] ?? ""));
  return { program, words, stdin: (request.stdin ?? "").replace("{all}", made.join("\n")) };
}

/** Makes the request as a process of its own, which dies as planned. */
async function ask(
  { program, words, stdin }: Awaited<ReturnType<typeof newScene>>,
  plan?: FaultPlan,
): Promise<{ readonly ran: Ran | null; readonly host: FaultyHost }> {
  const { pid } = program.host.processes.start();
  const system = { ...program.host.system, pid };
  const host = newFaultyHost({ ...program.host, system }, plan);
  try {
    const ran = await program.run([...words.slice(0, 2), ...KEY, ...words.slice(2)], {
      stdin,
      host: () => host,
      state: (state) => newFaultyState(state, host),
    });
    // A dead process answers nobody.
    return { ran: host.isDead ? null : ran, host };
  } catch (error) {
    if (!(error instanceof HostDied)) throw error;
    return { ran: null, host };
  } finally {
    program.host.processes.end(pid);
  }
}

/** The answer itself: the last line of what may be a stream. */
function answerOf({ stdout }: Ran): Record<string, unknown> {
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

/** How tasks have ended, once whoever sees an end first has recorded it. */
async function listEnds({ run }: Program): Promise<readonly { exit_code: unknown; exit_reason: unknown }[]> {
  await run(["task", "list"]);
  return JSON.parse((await run(["task", "list", "--json"])).stdout);
}

async function countLeft({ host, run }: Program): Promise<readonly number[]> {
  const { stdout } = await run(["task", "list", "--json"]);
  const archives = await run(["archive", "list", "--json"]);
  const { [`${ROOT}/core/fake-runtime.json`]: engine = "{}" } = host.files.snapshot();
  const containers = JSON.parse(engine).containers ?? [];
  return [JSON.parse(stdout).length, JSON.parse(archives.stdout).length, containers.length];
}

for (const request of REQUESTS) {
  const name = `${request.words.join(" ")}${request.leaves[0] === 2 ? ", its id taken" : ""}`;
  Deno.test(`${name}: one result under its key, whichever write its process dies at`, async () => {
    const { host: { calls, trace } } = await ask(await newScene(request));
    for (let at = 1; at <= calls; at++) {
      for (const leaving of ["nothing", "all"] as const) {
        const where = `${name}: death at call ${at} of ${calls} (${trace[at - 1]}), leaving ${leaving}`;
        const scene = await newScene(request);
        const first = await ask(scene, { at, with: "death", leaving });
        assert(first.host.struck, where);
        // Somebody may look in between, who records ends.
        if (leaving === "all") await scene.program.run(["task", "list"]);
        const second = await ask(scene);
        assertEquals(second.ran?.code, 0, `${where}: ${second.ran?.stderr}`);
        const third = await ask(scene);
        assertEquals(third.ran?.code, 0, where);
        assert(second.ran !== null && third.ran !== null);
        const { replayed, ...answer } = answerOf(third.ran);
        assertEquals(replayed, true, where);
        const { replayed: _, ...earlier } = answerOf(second.ran);
        assertEquals(answer, earlier, where);
        assertEquals(await countLeft(scene.program), request.leaves, where);
        assertEquals(await scene.program.state.saga.getDirtyFlows(), [], where);
        const records = Object.keys(scene.program.host.files.snapshot())
          .filter((path) => path.startsWith(`${recordsDir("demo")}/`) && path.endsWith("_meta.yml"));
        assertEquals(records.length, request.leaves[0], where);
        const ends = await listEnds(scene.program);
        assertEquals(
          ends.filter(({ exit_code, exit_reason }) => exit_code !== null && exit_reason === null),
          [],
          where,
        );
        const archived = Object.keys(scene.program.host.files.snapshot()).filter((path) =>
          path.includes("/archive/")
        );
        assertEquals(
          archived.filter((path) => path.endsWith(".tmp")),
          [],
          `${where}: half of a file is archived`,
        );
      }
    }
  });
}

for (const request of REQUESTS) {
  const name = request.words.join(" ");
  Deno.test(`${name}: whichever write fails, or is the last, doctor --fix leaves nothing to complain of`, async () => {
    const { host: { calls, trace } } = await ask(await newScene(request));
    const plans = [{ with: "storage_failed" }, { with: "death" }, { with: "death", leaving: "all" }] as const;
    for (let at = 1; at <= calls; at++) {
      for (const plan of plans) {
        const scene = await newScene(request);
        const { host } = await ask(scene, { at, ...plan });
        const where = `${name}: ${plan.with} at call ${at} of ${calls} (${trace[at - 1]})`;
        assert(host.struck, where);
        const { code, stdout } = await scene.program.run(["doctor", "--fix"]);
        assertEquals([code, await scene.program.state.saga.getDirtyFlows()], [0, []], `${where}: ${stdout}`);
        const after = await scene.program.run(["doctor"]);
        assertEquals([after.code, after.stdout], [0, "all is sound\n"], where);
      }
    }
  });
}

Deno.test("what was done is answered, and done once, although its answer could not be kept", async () => {
  const scene = await newScene({
    before: [],
    words: ["task", "new", "demo", "--name", "fresh"],
    leaves: [1, 0, 0],
  });
  const first = await ask(scene, { at: "idempotency.complete", with: "storage_failed" });
  assert(first.host.struck && first.ran !== null);
  assertEquals(first.ran.code, 0, first.ran.stderr);
  assertMatch(first.ran.stderr, /the answer could not be kept under its idempotency key/);
  const second = await ask(scene);
  assertEquals(second.ran?.code, 0, second.ran?.stderr);
  assert(second.ran !== null);
  assertEquals(answerOf(second.ran).op, answerOf(first.ran).op);
  assertEquals(await countLeft(scene.program), [1, 0, 0]);
});

Deno.test("what failed is answered, although even that could not be kept", async () => {
  const scene = await newScene({ before: [], words: ["task", "stop", "demo/x0000"], leaves: [0, 0, 0] });
  const { host, ran } = await ask(scene, { at: "idempotency.complete", with: "storage_failed" });
  assert(host.struck && ran !== null);
  assertEquals(ran.code, 3, ran.stderr);
  assertMatch(ran.stderr, /task_not_found/);
});

Deno.test("what was done is no failure because the look that words its answer fails", async () => {
  const words = ["task", "rename", "{id}", "other"];
  const scene = await newScene({ before: ["task run demo --detach -- work"], words, leaves: [1, 0, 1] });
  const { files, processes } = scene.program.host;
  const { pid } = processes.start();
  let reads = 0;
  const read = async (path: string, options?: { readonly maxBytes?: number }) => {
    const isClosed = (await operations(scene.program, "task rename")).includes("CLOSED");
    if (isClosed && path.endsWith("_meta.yml") && reads++ === 0) throw osFailure("EMFILE", `read ${path}`);
    return await files.read(path, options);
  };
  const host = {
    ...scene.program.host,
    system: { ...scene.program.host.system, pid },
    files: { ...files, read },
  };
  const line = [...scene.words.slice(0, 2), ...KEY, ...scene.words.slice(2)];
  const first = await scene.program.run(line, { host: () => host });
  processes.end(pid);
  assertEquals([first.code, reads > 0], [10, true], first.stderr);
  const second = await ask(scene);
  assertEquals(second.ran?.code, 0, second.ran?.stderr);
  assertEquals(await operations(scene.program, "task rename"), ["CLOSED"]);
});

/** How the operations of a verb stand. */
async function operations({ run }: Program, verb: string): Promise<string[]> {
  const { stdout } = await run(["op", "list", "--json"]);
  const list: readonly { readonly verb: string; readonly status: string }[] = JSON.parse(stdout);
  return list.filter((each) => each.verb === verb).map(({ status }) => status);
}
