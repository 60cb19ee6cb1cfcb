import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError, isAppError } from "../../core/error.ts";
import { type MemoryHost, newMemoryHost } from "../../core/host/memory_host.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { parseTaskId } from "../../core/identity/task_id.ts";
import { InvariantError } from "../../core/invariant.ts";
import type { WriteHost } from "../../core/meta/durable_write.ts";
import { newPaths } from "../../core/meta/paths.ts";
import {
  listTaskIds,
  readTaskMeta,
  type RecordChanges,
  removeRecord,
  updateTask,
  withTaskLock,
  writeRecord,
} from "../../core/meta/record_store.ts";
import { newFaultyHost } from "../support/faulty_host.ts";

const paths = newPaths("/srv", "/config");
const project = parseProjectId("orchard");
const id = parseTaskId("q7m2x");
const DIR = paths.tasksMetaDir(project);
const DOSSIER = `${DIR}/q7m2x_dossier.json`;
const META = `${DIR}/q7m2x_meta.yml`;
const DOSSIER_TEXT = '{\n  "project": "orchard",\n  "task": "q7m2x",\n  "name": "prune-old-branches"\n}\n';
const META_TEXT = "mode: cli # said\nweb_port:\nodd: [1]\n";

function newBench(
  files: Record<string, string> = { [DOSSIER]: DOSSIER_TEXT, [META]: META_TEXT },
): MemoryHost {
  return newMemoryHost({ files });
}

const write = (host: WriteHost, changes: RecordChanges) => writeRecord(host, DIR, { project, id }, changes);

Deno.test("readTaskMeta() merges both files, the dossier winning on its keys", async () => {
  const { files } = newBench({
    [DOSSIER]: DOSSIER_TEXT,
    [META]: "mode: cli\nproject_name: other\ntask_id: other\nname: other\nodd: [1]\n",
  });
  assertEquals(await readTaskMeta(files, DIR, id), {
    mode: "cli",
    odd: [1],
    project_id: "orchard",
    task_id: "q7m2x",
    name: "prune-old-branches",
  });
});

Deno.test("readTaskMeta() refuses bookkeeping that was cut off, and takes what people write", async () => {
  const created = "created_at: '2026-09-14T08:21:33+00:00'";
  const whole = `mode:\nworkspace: /srv/live/q7m2x\nweb_port:\n${created}\n`;
  for (let end = 1; end < whole.indexOf(created); end++) {
    const { files } = newBench({ [DOSSIER]: DOSSIER_TEXT, [META]: whole.slice(0, end) });
    if (whole[end - 1] === "\n") await readTaskMeta(files, DIR, id);
    else {
      const error = await assertRejects(() => readTaskMeta(files, DIR, id), AppError);
      assertEquals([error.code, error.details.file], ["record_damaged", META]);
    }
  }
  for (const text of [whole.trimEnd(), "mode: cli\n", "mode: cli\r\n", `${whole}# by hand`]) {
    await readTaskMeta(newBench({ [META]: text }).files, DIR, id);
  }
});

Deno.test("readTaskMeta() does not take a part of a record that is being removed for the whole of one", async () => {
  for (const isGone of [false, true]) {
    const { files } = newBench();
    const before = await files.read(META);
    let looks = 0;
    const read: typeof files.read = async (path, options) => {
      // The deletion goes on between the reading of the one file and of the other.
      if (looks++ === 0) {
        files.put(META, `${META_TEXT}deleting: true\n`);
        await files.removeFile(DOSSIER);
        if (isGone) await files.removeFile(META);
      } else if (looks === 2) return before;
      return await files.read(path, options);
    };
    const seen = await readTaskMeta({ ...files, read }, DIR, id);
    assertEquals(seen, isGone ? null : { mode: "cli", web_port: null, odd: [1], deleting: true });
  }
});

Deno.test("readTaskMeta() needs one of the files only", async () => {
  const dossier = await readTaskMeta(newBench({ [DOSSIER]: DOSSIER_TEXT }).files, DIR, id);
  assertEquals(dossier, { project_id: "orchard", task_id: "q7m2x", name: "prune-old-branches" });
  assertEquals(await readTaskMeta(newBench({ [META]: META_TEXT }).files, DIR, id), {
    mode: "cli",
    web_port: null,
    odd: [1],
  });
  assertEquals(await readTaskMeta(newBench({}).files, DIR, id), null);
});

Deno.test("readTaskMeta() reads both words for the project in old records", async () => {
  for (const key of ["project_id", "project_name"]) {
    const { files } = newBench({ [META]: `${key}: orchard\nname: x\n` });
    assertEquals(await readTaskMeta(files, DIR, id), { project_id: "orchard", name: "x" });
  }
});

Deno.test("readTaskMeta() names the damaged file, even when the other is sound", async () => {
  for (
    const [path, text] of [[DOSSIER, "{"], [DOSSIER, ""], [META, ""], [META, "\0\0\0"], [
      META,
      "mode: 'cl",
    ]] as const
  ) {
    const error = await assertRejects(
      () =>
        readTaskMeta(newBench({ [DOSSIER]: DOSSIER_TEXT, [META]: META_TEXT, [path]: text }).files, DIR, id),
      AppError,
      path,
    );
    assertEquals([error.code, error.details.file], ["record_damaged", path]);
  }
});

Deno.test("readTaskMeta() and writeRecord() do not take damaged bytes for other characters", async () => {
  for (const [path, text] of [[DOSSIER, DOSSIER_TEXT], [META, META_TEXT]] as const) {
    const bench = newBench({ [DOSSIER]: DOSSIER_TEXT, [META]: META_TEXT });
    const bytes = new TextEncoder().encode(text);
    const letter = bytes.indexOf("e".charCodeAt(0));
    bytes[letter] = 0xff;
    bench.files.put(path, bytes);
    const calls = [
      () => readTaskMeta(bench.files, DIR, id),
      () => writeRecord(bench, DIR, { project, id }, { exit_code: 1 }),
    ];
    for (const call of calls) {
      const error = await assertRejects(call, AppError, "UTF-8");
      assertEquals([error.code, error.details.file], ["record_damaged", path]);
    }
    assertEquals(await bench.files.read(path), bytes);
  }
});

Deno.test("listTaskIds() lists well-formed ids with at least one file, sorted", async () => {
  const names = [
    "z9zzz_meta.yml",
    "g0000_dossier.json",
    "g0000_meta.yml",
    "k3v8h_meta.yml",
    "deadbeef_meta.yml",
    "p1ppp_meta.yml.tmp",
    ".p2ppp_meta.yml.00.tmp",
    "p3ppp_env",
    "notes.txt",
  ];
  const host = newBench(Object.fromEntries(names.map((name) => [`${DIR}/${name}`, ""])));
  host.files.putDir(`${DIR}/p4ppp_meta.yml`);
  assertEquals<string[] | null>(await listTaskIds(host.files, DIR), ["g0000", "k3v8h", "z9zzz"]);
});

Deno.test("listTaskIds() tells a missing directory from an unreadable one", async () => {
  const host = newBench();
  assertEquals(await listTaskIds(host.files, "/srv/none"), null);
  const refused = { ...host.files, list: () => Promise.reject(new AppError("permission_denied", "no")) };
  const error = await assertRejects(() => listTaskIds(refused, DIR), AppError);
  assertEquals(error.code, "permission_denied");
});

Deno.test("writeRecord() makes a record that only its owner can read", async () => {
  const host = newBench({});
  await write(host, {
    name: "x",
    mode: null,
    created_at: "2026-09-14T08:21:33.504117+00:00",
    hooks_fired: undefined,
  });
  assertEquals(
    await host.files.readText(DOSSIER),
    '{\n  "project": "orchard",\n  "task": "q7m2x",\n  "name": "x"\n}\n',
  );
  assertEquals(await host.files.readText(META), "mode:\ncreated_at: '2026-09-14T08:21:33.504117+00:00'\n");
  assertEquals((await host.files.info(DOSSIER))?.mode, 0o600);
  assertEquals((await host.files.info(META))?.mode, 0o600);
  assertEquals((await host.files.info(DIR))?.mode, 0o700);
  assertEquals((await host.files.list(DIR)).length, 2);
});

Deno.test("writeRecord() changes only the keys given and writes only files whose text changes", async () => {
  const host = newFaultyHost(newBench());
  await write(host, { web_port: 8080 });
  assertEquals(await host.files.readText(META), META_TEXT.replace("web_port:", "web_port: 8080"));
  assertEquals(host.trace.filter((call) => call.includes("dossier")), []);
  await write(host, { name: "new" });
  assertEquals(await host.files.readText(DOSSIER), DOSSIER_TEXT.replace("prune-old-branches", "new"));
  const calls = host.calls;
  await write(host, { name: "new", web_port: 8080, none: undefined });
  assertEquals(host.calls, calls);
});

Deno.test("writeRecord() writes the dossier before the bookkeeping", async () => {
  const host = newFaultyHost(newBench());
  await write(host, { name: "new", web_port: 8080 });
  const renames = host.trace.filter((call) => call.startsWith("rename")).map((call) => call.split(" to ")[1]);
  assertEquals(renames, [DOSSIER, META]);
});

Deno.test("writeRecord() backfills the dossier and keeps its unknown keys", async () => {
  const host = newBench({ [DOSSIER]: '{"name": "x", "colour": "green"}', [META]: META_TEXT });
  await write(host, {});
  assertEquals(JSON.parse(await host.files.readText(DOSSIER)), {
    project: "orchard",
    task: "q7m2x",
    name: "x",
    colour: "green",
  });
  assertEquals(await host.files.readText(META), META_TEXT);
});

Deno.test("writeRecord() completes a record of which one file is there", async () => {
  const host = newBench({ [META]: META_TEXT });
  await write(host, { mode: "run" });
  assertEquals(await host.files.readText(DOSSIER), '{\n  "project": "orchard",\n  "task": "q7m2x"\n}\n');
  const other = newBench({ [DOSSIER]: DOSSIER_TEXT });
  await write(other, {});
  assertEquals(await other.files.info(META), null);
  await write(other, { mode: "run" });
  assertEquals(await other.files.readText(META), "mode: run\n");
});

Deno.test("writeRecord() writes nothing over damage", async () => {
  for (const [path, text] of [[DOSSIER, "{"], [DOSSIER, ""], [META, ""], [META, "mode: 'cl"]] as const) {
    const host = newBench({ [DOSSIER]: DOSSIER_TEXT, [META]: META_TEXT, [path]: text });
    const before = host.files.snapshot();
    const error = await assertRejects(() => write(host, { name: "new", mode: "run" }), AppError);
    assertEquals(error.code, "record_damaged");
    assertEquals(host.files.snapshot(), before);
  }
});

Deno.test("writeRecord() does not store what the place decides", async () => {
  for (const key of ["project_id", "project_name", "task_id"]) {
    await assertRejects(() => write(newBench(), { [key]: "other" }), InvariantError);
  }
});

Deno.test("writeRecord() failing or dying anywhere leaves both files whole and the next write works", async () => {
  const changes = { name: "new", web_port: 8080 };
  const rehearsal = newFaultyHost(newBench());
  await write(rehearsal, changes);
  for (const how of ["disk_full", "storage_failed", "death"] as const) {
    for (const leaving of ["nothing", "half", "all"] as const) {
      for (let at = 1; at <= rehearsal.calls; at++) {
        const inner = newBench();
        await assertRejects(() => write(newFaultyHost(inner, { at, with: how, leaving }), changes), Error);
        const meta = await readTaskMeta(inner.files, DIR, id);
        assert(meta?.name === "prune-old-branches" || meta?.name === "new");
        assert(meta.web_port === null || meta.web_port === 8080 && meta.name === "new");
        await write(inner, changes);
        assertEquals(await inner.files.readText(META), META_TEXT.replace("web_port:", "web_port: 8080"));
      }
    }
  }
});

Deno.test("updateTask() loses none of many updates at once", async () => {
  const host = newBench();
  const keys = Array.from({ length: 20 }, (_, index) => `key_${index}`);
  await Promise.all(
    keys.map((key) => updateTask(host, paths, { project, id, timeoutMs: 10_000 }, { [key]: key })),
  );
  const meta = await readTaskMeta(host.files, DIR, id);
  assertEquals(keys.filter((key) => meta?.[key] === key), keys);
});

Deno.test("withTaskLock() excludes others until its function has ended, well or badly", async () => {
  const host = newBench();
  const place = { project, id, timeoutMs: 50 };
  await withTaskLock(host.files, paths, place, async () => {
    const error = await assertRejects(() => updateTask(host, paths, place, { mode: "run" }), AppError);
    assertEquals(error.code, "lock_timeout");
    await updateTask(host, paths, { ...place, id: parseTaskId("k3v8h") }, { mode: "run" });
  });
  await assertRejects(
    () => withTaskLock(host.files, paths, place, () => Promise.reject(new InvariantError("x"))),
    InvariantError,
  );
  assertEquals(await withTaskLock(host.files, paths, place, () => Promise.resolve(7)), 7);
  assertEquals((await host.files.info("/srv/core/locks/orchard/q7m2x.lock"))?.kind, "file");
});

Deno.test("withTaskLock() stops waiting when its signal is aborted", async () => {
  const host = newBench();
  const reason = new AppError("wait_timeout", "enough");
  await withTaskLock(host.files, paths, { project, id, timeoutMs: 1000 }, async () => {
    const place = { project, id, timeoutMs: 1000, signal: AbortSignal.abort(reason) };
    const error = await assertRejects(
      () => withTaskLock(host.files, paths, place, () => Promise.resolve()),
      AppError,
    );
    assert(error === reason || isAppError(error, "lock_timeout"));
  });
});

Deno.test("removeRecord() removes all three files of one task, and may run twice", async () => {
  const others = { [`${DIR}/k3v8h_meta.yml`]: META_TEXT };
  const host = newBench({
    ...others,
    [DOSSIER]: DOSSIER_TEXT,
    [META]: META_TEXT,
    [`${DIR}/q7m2x_env`]: "{}",
  });
  await removeRecord(host.files, DIR, id);
  await removeRecord(host.files, DIR, id);
  await removeRecord(host.files, "/srv/none", id);
  assertEquals((await host.files.list(DIR)).map(({ name }) => name), ["k3v8h_meta.yml"]);
});

Deno.test("removeRecord() keeps the bookkeeping until everything else is gone", async () => {
  for (let at = 1; at <= 4; at++) {
    const inner = newBench({ [DOSSIER]: DOSSIER_TEXT, [META]: META_TEXT, [`${DIR}/q7m2x_env`]: "{}" });
    const host = newFaultyHost(inner, { at, with: "storage_failed" });
    const error = await assertRejects(() => removeRecord(host.files, DIR, id), AppError);
    assertEquals(error.code, "storage_failed");
    assertEquals(await inner.files.readText(META), META_TEXT);
    await removeRecord(inner.files, DIR, id);
    assertEquals(await inner.files.list(DIR), []);
  }
});
