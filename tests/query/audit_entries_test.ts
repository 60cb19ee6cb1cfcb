import { assert, assertEquals } from "@std/assert";
import { renameTask } from "../../core/engine/rename_task.ts";
import {
  type AuditEntry,
  type AuditFilter,
  latestAuditEntries,
  listAuditEntries,
} from "../../core/query/audit_entries.ts";
import { formatStamp } from "../../core/state/stamp.ts";
import { newTask, newWorld, runTask } from "../support/world.ts";

/** Two tasks, an hour apart, and an event of somebody else. */
async function newScene() {
  const { carrel, host, state } = await newWorld();
  const first = await newTask(carrel, { name: "first" });
  await state.decisionAudit.record("mine", "PAID", { details: { amount: 5 } });
  await host.clock.advance(3_600_000);
  const later = formatStamp(host.clock.nowMicros());
  const second = await runTask(carrel);
  await renameTask(carrel, first, "other");
  const audit = state.decisionAudit;
  const select = async (filter: AuditFilter = {}) =>
    (await Array.fromAsync(listAuditEntries(audit, filter))).flat();
  return { audit, state, first, second, later, host, select };
}

const seqs = (entries: readonly AuditEntry[]) => entries.map(({ seq }) => seq);

Deno.test("listAuditEntries() is the audit in order, each event with what is known of its operation", async () => {
  const { audit, first, host, select } = await newScene();
  const entries = await select();
  assertEquals(seqs(entries), (await audit.chain()).map(({ seq }) => seq));
  const [begun, step, ended, mine] = entries;
  const who = { user: "reader", host: "memory", pid: host.system.pid };
  const { time, hash, details, ...facts } = step ?? {};
  assertEquals(facts, {
    seq: 2,
    event: "operation.step",
    op: begun?.op,
    verb: "task new",
    step: "create task",
    project_id: "demo",
    task_id: first.id,
    who,
    status: "ACTIVE",
  });
  assertEquals([time, hash], [(await audit.chain())[1]?.timestamp, (await audit.chain())[1]?.hash]);
  assertEquals(details, { project: "demo", task: first.id, target: "demo (first)" });
  // It came to its task only after it was begun.
  assertEquals([begun?.task_id, ended?.task_id, ended?.step], [first.id, first.id, null]);
  assertEquals([mine?.op, mine?.verb, mine?.who, mine?.details], ["mine", null, null, { amount: 5 }]);
});

Deno.test("listAuditEntries() by place, time, event and flow", async () => {
  const { first, second, later, select } = await newScene();
  const all = await select();
  const of = async (filter: AuditFilter) =>
    (await select(filter)).map(({ verb, event }) => `${verb} ${event}`);
  assertEquals((await select({ project: "demo" })).length, all.length - 1);
  assertEquals(await select({ project: "other" }), []);
  assertEquals(await of({ project: "demo", task: first.id, event: "operation.ended" }), [
    "task new operation.ended",
    "task rename operation.ended",
  ]);
  assertEquals(
    new Set((await select({ project: "demo", task: second.id })).map(({ verb }) => verb)),
    new Set(["task run"]),
  );
  assertEquals(seqs(await select({ until: later })), [1, 2, 3, 4]);
  assertEquals(seqs(await select({ since: later })), seqs(all).slice(4));
  assertEquals((await select({ event: "operation" })).length, all.length - 1);
  assertEquals(await of({ event: "PAID" }), ["null PAID"]);
  assertEquals(await select({ event: "oper" }), []);
  const [op = "", other = ""] = new Set(all.map(({ op }) => op));
  assertEquals(seqs(await select({ ops: [op] })), [1, 2, 3]);
  assertEquals(seqs(await select({ ops: [op, other] })), [1, 2, 3, 4]);
  assertEquals(await select({ ops: [] }), []);
});

Deno.test("listAuditEntries() finds the events that a task has under its address", async () => {
  const { audit, first, select } = await newScene();
  await audit.record(`demo/${first.id}`, "ASKED");
  await audit.record("demon/q7m2x", "ASKED");
  assertEquals((await select({ project: "demo", task: first.id, event: "ASKED" })).length, 1);
  assertEquals((await select({ project: "demo", event: "ASKED" })).length, 1);
});

Deno.test("latestAuditEntries() are the last that match, in order", async () => {
  const { audit, first, select } = await newScene();
  const all = seqs(await select());
  assertEquals(seqs(await latestAuditEntries(audit, {}, 3)), all.slice(-3));
  assertEquals(seqs(await latestAuditEntries(audit, {}, 1000)), all);
  const filter = { project: "demo", task: first.id };
  assertEquals(seqs(await latestAuditEntries(audit, filter, 2)), seqs(await select(filter)).slice(-2));
});

Deno.test("listAuditEntries() reads in pages, and knows operations that lie across them", async () => {
  const { audit, select } = await newScene();
  const record = (dfid: string, event: string, state: string) =>
    audit.record(dfid, event, { state, details: { verb: "task nap" } });
  await record("across", "operation.begun", "CREATED");
  for (let index = 0; index < 1200; index++) await audit.record(`filler ${index}`, "X");
  await record("across", "operation.ended", "CLOSED");
  const entries = await select();
  assertEquals(seqs(entries), Array.from(entries, (_, index) => index + 1));
  assertEquals((await select({ ops: ["across"] })).map(({ verb }) => verb), ["task nap", "task nap"]);
  assertEquals(entries.filter(({ op }) => op === "across").map(({ verb }) => verb), ["task nap", "task nap"]);
  const pages = await Array.fromAsync(listAuditEntries(audit));
  assert(pages.every((page) => page.length <= 500) && pages.length >= 3);
});
