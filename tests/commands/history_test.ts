/**
 * What the commands about the past say of operations that ended, failed, or were interrupted.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { HostDied, newFaultyHost } from "../support/faulty_host.ts";
import { newFaultyState } from "../support/faulty_state.ts";
import { newProgram, type Program, projectFile, type Ran, ROOT } from "../support/program.ts";
import { errorOf, type Item, parseLines } from "./output.ts";
import { fakeProject, newScene } from "./scene.ts";

/** A machine with a running task, of which a stop was interrupted. */
async function newInterrupted(): Promise<
  { readonly program: Program; readonly task: string; readonly op: string }
> {
  const program = newProgram({ files: { [projectFile("demo")]: fakeProject({ duration_ms: 1e9 }) } });
  const { stdout } = await program.run(["task", "run", "demo", "-q", "--detach", "--", "work"]);
  const task = stdout.trim();
  await die(program, ["task", "stop", task], `lock ${ROOT}/core/fake-runtime.lock`);
  const left = await program.run(["op", "list", "--unfinished", "-q"]);
  return { program, task, op: left.stdout.trim() };
}

/** Runs a command line in a process of its own, which dies at that write. */
async function die(program: Program, argv: readonly string[], at: string): Promise<void> {
  const { pid } = program.host.processes.start();
  const system = { ...program.host.system, pid };
  const host = newFaultyHost({ ...program.host, system }, { at, with: "death" });
  const seen = { host: () => host, state: (state: Program["state"]) => newFaultyState(state, host) };
  await program.run(argv, seen).catch((error) => {
    assert(error instanceof HostDied);
  });
  program.host.processes.end(pid);
  assert(host.struck, host.trace.join("\n"));
}

const json = ({ stdout }: Ran) => JSON.parse(stdout);

Deno.test("op show tells all of one operation, in words and as data", async () => {
  const { run, op, ids } = await newScene();
  const shown = json(await run(["op", "show", op, "--json"]));
  assertEquals(Object.keys(shown), [
    ..."op verb project_id task_id status began_at ended_at changed exit who parent".split(" "),
    ..."args steps result error settled unfinished parts".split(" "),
  ]);
  assertEquals([shown.verb, shown.task_id, shown.status], ["task run", ids.busy, "CLOSED"]);
  assertEquals(shown.args.command, ["serve"]);
  const { stdout } = await run(["op", "show", op.slice(0, 30)]);
  assertMatch(stdout, /^Operation: .*\nVerb: +task run\nWhere: +demo\/.....\nStatus: +CLOSED\n/);
  assertMatch(stdout, /\n\nSTEP +TARGET +BEGAN\ncreate task +demo \(busy\) +2026-/);
});

Deno.test("op show of the op of an answer with items lists its parts", async () => {
  const { run } = await newScene();
  const answer = json(await run(["task", "stop", "demo/{busy}", "demo/{done}", "--json"]));
  const shown = json(await run(["op", "show", answer.op, "--json"]));
  assertEquals(shown.parts.map(({ op }: Item) => op), answer.items.map(({ op }: Item) => op));
  assertEquals([shown.op, shown.verb, shown.status], [answer.op, "task stop", null]);
  const { stdout, code } = await run(["op", "show", answer.op]);
  assertEquals([code, stdout.split("\n").filter((line) => line.includes("demo/")).length], [0, 2]);
  const error = errorOf(await run(["saga", "compensate", answer.op, "--json"]));
  assertEquals([error?.code, error?.exit], ["wrong_state", 5]);
});

Deno.test("op list --json has the documented keys, and -q the ids", async () => {
  const { run } = await newScene();
  const operations = json(await run(["op", "list", "--json"]));
  const { stdout } = await run(["op", "list", "-q"]);
  assertEquals(stdout.trim().split("\n"), operations.map(({ op }: Item) => op));
  for (const operation of operations) {
    assertEquals(
      Object.keys(operation),
      "op verb project_id task_id status began_at ended_at changed exit who parent".split(" "),
    );
  }
});

Deno.test("audit list --json is one array, of which --op, --event and --limit take parts", async () => {
  const { run, op } = await newScene();
  const all = json(await run(["audit", "list", "--json"]));
  assertEquals(all.map(({ seq }: Item) => seq), all.map((_: Item, index: number) => index + 1));
  const own = json(await run(["audit", "list", "--json", "--op", op]));
  assertEquals(own, all.filter((entry: Item) => entry.op === op));
  assertEquals(json(await run(["audit", "list", "--json", "--limit", "2"])), all.slice(-2));
  const ends = json(await run(["audit", "list", "--json", "--event", "operation.ended"]));
  assertEquals(ends, all.filter(({ event }: Item) => event === "operation.ended"));
  const { stdout } = await run(["audit", "list", "--op", op]);
  assertEquals(stdout.trimEnd().split("\n").length, own.length);
  assertMatch(
    stdout,
    / operation\.step +demo\/..... +task run: create task demo \(busy\) +reader@memory \d+\n/,
  );
  assertEquals((await run(["audit", "list", "--until", "1970-01-01"])).stdout, "no events\n");
});

Deno.test("audit verify prints the head, and finds what was cut, changed, or made anew", async () => {
  const { run, program } = await newScene();
  const { stdout } = await run(["audit", "verify"]);
  assertMatch(stdout, /^\d+:[0-9a-f]{64}\n$/);
  const [seq = "", hash = ""] = stdout.trim().split(":");
  const kept = json(await run(["audit", "verify", "--head", stdout.trim(), "--json"]));
  assertEquals(kept, { ok: true, checked: Number(seq), head: { seq: Number(seq), hash }, problem: null });
  await program.run(["task", "list"]);
  const cut = await run(["audit", "verify", "--head", `99999:${hash}`, "--json"]);
  assertEquals([cut.code, errorOf(cut)?.code, json(cut).problem], [10, "record_damaged", {
    kind: "cut",
    seq: 99999,
  }]);
  const other = await run(["audit", "verify", "--head", `1:${hash}`]);
  assertEquals([other.code, other.stdout], [10, ""]);
  assertStringIncludes(other.stderr, "event 1 is not the one of the known head");

  const { chain } = program.state.decisionAudit;
  Object.assign(program.state.decisionAudit, {
    chain: async (page: Parameters<typeof chain>[0]) =>
      (await chain.call(program.state.decisionAudit, page)).map((link) =>
        link.seq === 3 ? { ...link, state: "ABORTED" } : link
      ),
  });
  const changed = await run(["audit", "verify", "--json"]);
  assertEquals([changed.code, json(changed).ok, json(changed).problem], [10, false, {
    kind: "changed",
    seq: 3,
  }]);
  assertMatch(String(errorOf(changed)?.message), /event 3 is not what was recorded there/);
});

Deno.test("audit verify of a head that retention has removed is no verdict", async () => {
  const { run, program } = await newScene();
  const { stdout } = await run(["audit", "verify"]);
  const [first] = await program.state.decisionAudit.chain({ limit: 1 });
  await program.host.clock.advance(1000);
  await program.state.decisionAudit.prune(program.host.clock.nowMicros());
  const ran = await run(["audit", "verify", "--head", `${first?.seq}:${first?.hash}`, "--json"]);
  assertEquals([ran.code, errorOf(ran)?.code], [5, "wrong_state"]);
  assertEquals((await run(["audit", "verify"])).stdout, stdout);
});

Deno.test("saga list names what was interrupted; saga compensate settles it", async () => {
  const { program, task, op } = await newInterrupted();
  const [left, ...others] = json(await program.run(["saga", "list", "--json"]));
  const { since, ...facts } = left;
  assertMatch(since, /^2026-/);
  assertEquals(others, []);
  assertEquals(facts, {
    op,
    verb: "task stop",
    project_id: "demo",
    task_id: task.replace("demo/", ""),
    step: "stop container",
    process: "gone",
    attempts: 0,
    last_outcome: null,
  });
  const planned = json(await program.run(["saga", "compensate", op, "--dry-run", "--json"]));
  assertEquals(planned.plan, [{ action: "settle", target: `task stop of ${task} (operation ${op})` }]);
  const key = ["--idempotency-key", "k", "--json"];
  const settled = json(await program.run(["saga", "compensate", op, ...key]));
  assertEquals([settled.changed, settled.operation, settled.settled], [true, op, "undone"]);
  assertEquals(json(await program.run(["saga", "compensate", op, ...key])), { ...settled, replayed: true });
  assertEquals((await program.run(["saga", "list"])).stdout, "nothing is under way or was interrupted\n");
});

Deno.test("doctor is 11 with findings, and --fix makes it 0", async () => {
  const { program, task, op } = await newInterrupted();
  const found = await program.run(["doctor", "--json"]);
  assertEquals([found.code, errorOf(found)?.code], [11, "partial"]);
  const { ok, changed, findings: [finding, ...others] } = json(found);
  assertEquals([ok, changed, others], [false, false, []]);
  assertEquals(finding, {
    code: "interrupted_operation",
    what: `task stop of ${task} (operation ${op}) was interrupted at the step "stop container"`,
    where: task,
    fix: "finish or undo it",
  });
  const words = await program.run(["doctor"]);
  assertEquals(words.stdout, `${task}: ${finding.what}; --fix: finish or undo it\n`);
  assertMatch(words.stderr, /^error: found 1 finding\nhint: `carrel doctor --fix` /);

  const planned = await program.run(["doctor", "--fix", "--dry-run"]);
  assertEquals([planned.code, planned.stdout], [0, `would finish or undo it: ${finding.what}\n`]);
  const fixed = await program.run(["doctor", "--fix", "--json"]);
  assertEquals([fixed.code, json(fixed).changed, json(fixed).ok], [0, true, true]);
  assertEquals(json(fixed).findings, [{ ...finding, fixed: true, outcome: "undone" }]);
  const said = parseLines(fixed.stderr);
  assertEquals(said, [{
    notice: `task stop of ${task} (operation ${op}) was interrupted; it is undone now`,
  }]);
  assertEquals((await program.run(["doctor"])).stdout, "all is sound\n");
  assertEquals((await program.run(["task", "status", task, "--is", "running"])).code, 0);
});

Deno.test("doctor --fix that cannot put something right is 11, and tells why", async () => {
  const { program, task } = await newInterrupted();
  await program.host.files.lock(`${ROOT}/core/locks/${task}.lock`, { timeoutMs: 0 });
  const ran = await program.run(["doctor", "--fix", "--json", "--lock-timeout", "0"]);
  const { ok, findings: [finding] } = json(ran);
  assertEquals([ran.code, ok, finding.fixed], [11, false, false]);
  assertMatch(finding.outcome, /lock/);
  assertMatch(String(errorOf(ran)?.message), /^1 of 1 finding could not be put right: demo\//);
});

Deno.test("task list and task status name what was interrupted, and leave it", async () => {
  const { program, task, op } = await newInterrupted();
  const notice = `task stop of ${task} (operation ${op}) was interrupted; ` +
    "the next change of the task settles it, or `carrel doctor --fix`";
  for (const argv of [["task", "list"], ["task", "list", "demo"], ["task", "status", task]]) {
    const ran = await program.run(argv);
    assertEquals([ran.code, ran.stderr], [0, `notice: ${notice}\n`]);
    assertEquals(parseLines((await program.run([...argv, "--json"])).stderr), [{ notice }]);
  }
  program.host.files.put(projectFile("other"), fakeProject({}));
  const { stdout } = await program.run(["task", "new", "other", "-q"]);
  for (const argv of [["task", "list", "other"], ["task", "status", stdout.trim()]]) {
    assertEquals((await program.run(argv)).stderr, "");
  }
  assertEquals((await program.run(["op", "list", "--unfinished", "-q"])).stdout, `${op}\n`);
});

Deno.test("task list names a project's own operation too", async () => {
  const program = newProgram({ files: { [projectFile("demo")]: fakeProject({}) } });
  await die(program, ["project", "delete", "demo"], "lifecycle.transitionIf");
  assertEquals((await program.run(["task", "list"])).stderr, "");
  await die(program, ["project", "delete", "demo"], "removeDir");
  const { stderr } = await program.run(["task", "list", "--json"]);
  const [{ notice = "" } = {}] = parseLines(stderr);
  assertMatch(
    String(notice),
    /^project delete of demo \(operation .*\) was interrupted; `carrel doctor --fix` settles it$/,
  );
});

Deno.test("a state store that cannot be read is a warning of those who only look at tasks", async () => {
  const { program, task } = await newInterrupted();
  const { saga } = program.state;
  saga.getDirtyFlows = () => Promise.reject(new AppError("storage_failed", "the file is damaged"));
  for (const argv of [["task", "list"], ["task", "status", task]]) {
    const ran = await program.run(argv);
    assertEquals(ran.code, 0);
    assertMatch(
      ran.stderr,
      /^warning: it is not known whether anything was interrupted: the file is damaged\n$/,
    );
  }
});

Deno.test("retry show and retry reset count and forget failed starts under the task's address", async () => {
  const { run, ids, program } = await newScene();
  const task = `demo/${ids.done}`;
  for (let time = 0; time < 2; time++) await program.state.intentRetry.increment(task);
  assertEquals(json(await run(["retry", "show", task, "--json"])), {
    project_id: "demo",
    task_id: ids.done,
    count: 2,
  });
  const planned = json(await run(["retry", "reset", task, "--dry-run", "--json"]));
  assertEquals(planned.plan, [{ action: "forget failed starts", target: task }]);
  const reset = json(await run(["retry", "reset", task, "--json"]));
  assertEquals([reset.changed, reset.forgotten], [true, 2]);
  assertEquals((await run(["retry", "show", "demo", ids.done])).stdout, "0\n");
  assertEquals(json(await run(["retry", "reset", task, "--json"])).changed, false);
});
