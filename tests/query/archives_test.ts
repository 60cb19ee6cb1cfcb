import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { findArchive, findArchivedLog, listArchives, toArchiveView } from "../../core/query/archives.ts";
import { DEMO, newWorld, ROOT } from "../support/world.ts";

const AT = `${ROOT}/archive/demo/tasks`;

const OLDER = "20260101T000000000001Z_k3v8h_first";
const NEWER = "20260202T000000000002Z_k3v8h_second";
const OTHER = "20260102T000000000003Z_k3vzz_third";

function record(id: string, name: string): string {
  return JSON.stringify({ project_id: "demo", task_id: id, name, mode: "run", exit_code: 1 });
}

const FILES = {
  [`${AT}/${OLDER}/task.json`]: record("k3v8h", "first"),
  [`${AT}/${NEWER}/task.json`]: record("k3v8h", "second"),
  [`${AT}/${OTHER}/task.json`]: record("k3vzz", "third"),
};

async function find(wanted: string, files: Record<string, string> = FILES): Promise<string> {
  const { carrel } = await newWorld({ files });
  return (await findArchive(carrel, [`demo/${wanted}`])).archiveId;
}

Deno.test("findArchive() takes an archive id, a task id, or a prefix of either", async () => {
  assertEquals(await find(OLDER), OLDER);
  assertEquals(await find("20260102"), OTHER);
  assertEquals(await find("k3vzz"), OTHER);
  assertEquals(await find("k3vz"), OTHER);
  assertEquals(await find("K3-VZZ"), OTHER);
});

Deno.test("findArchive() names all matches when there are several", async () => {
  for (
    const [wanted, matches] of [["k3v8h", [NEWER, OLDER]], ["202601", [OTHER, OLDER]], ["k", 3]] as const
  ) {
    const error = await assertRejects(() => find(wanted), AppError);
    assertEquals([error.code, error.exit], ["ambiguous", 4]);
    const named = error.details.matches;
    assertEquals(Array.isArray(named) && typeof matches === "number" ? named.length : named, matches);
  }
});

Deno.test("findArchive() takes an exact archive id although it is the prefix of another", async () => {
  const files = { ...FILES, [`${AT}/${OLDER}_1/task.json`]: record("k3v8h", "again") };
  assertEquals(await find(OLDER, files), OLDER);
});

Deno.test("findArchive() says where to look when nothing matches", async () => {
  const error = await assertRejects(() => find("z9"), AppError);
  assertEquals([error.code, error.exit], ["archive_not_found", 3]);
  assertStringIncludes(error.hint ?? "", "carrel archive list demo");
});

Deno.test("findArchive() tells a damaged archive from one that is not there", async () => {
  const spoilt = `${AT}/20260102T000000000003Z_k3zzz/task.json`;
  const files = { ...FILES, [spoilt]: "{" };
  const damaged = await assertRejects(() => find("k3zzz", files), AppError);
  assertEquals([damaged.code, damaged.exit, damaged.details.file], ["record_damaged", 10, spoilt]);
  // It may be the one that was meant.
  const other = `${AT}/20260102T000000000004Z_k3zyy/task.json`;
  const both = await assertRejects(() => find("k3z", { ...files, [other]: record("k3zyy", "x") }), AppError);
  assertEquals(both.code, "ambiguous");
});

Deno.test("findArchive() never leaves the project's archive", async () => {
  for (const wanted of ["..", "../other", "a/b", "."]) {
    assertEquals((await assertRejects(() => find(wanted), AppError)).exit, 2, wanted);
  }
});

Deno.test("listArchives() puts the newest first, over all projects and within one", async () => {
  const files = {
    ...FILES,
    [`${ROOT}/archive/zoo/tasks/20260103T000000000000Z_g0000/task.json`]: "{}",
  };
  const { carrel } = await newWorld({ files });
  const all = await listArchives(carrel, null);
  assertEquals(all.archives.map(({ record }) => record.task_id), ["k3v8h", "g0000", "k3vzz", "k3v8h"]);
  const one = await listArchives(carrel, DEMO);
  assertEquals(one.archives.map(({ archiveId }) => archiveId), [NEWER, OTHER, OLDER]);
  assertEquals((await listArchives(carrel, parseProjectId("none"))).archives, []);
});

Deno.test("listArchives() names a damaged task.json and lists the others", async () => {
  const { carrel, host } = await newWorld({
    files: { ...FILES, [`${AT}/${OLDER}/task.json`]: '{"mode": "r' },
  });
  const { archives, damaged } = await listArchives(carrel, DEMO);
  assertEquals(archives.map(({ archiveId }) => archiveId), [NEWER, OTHER]);
  assertEquals(damaged.map(({ code, details }) => [code, details.file]), [
    ["record_damaged", `${AT}/${OLDER}/task.json`],
  ]);
  assertEquals(await host.files.readText(`${AT}/${OLDER}/task.json`), '{"mode": "r');
});

Deno.test("listArchives() names an archive without task.json and lists the others", async () => {
  const lost = `${AT}/20260105T000000000000Z_k3vyy`;
  const { carrel } = await newWorld({ files: { ...FILES, [`${lost}/logs/container.log`]: "said\n" } });
  const { archives, damaged } = await listArchives(carrel, DEMO);
  assertEquals(archives.length, 3);
  assertEquals(damaged.map(({ code, message }) => [code, message]), [
    ["record_damaged", `damaged record ${lost}/task.json: it is missing`],
  ]);
  const error = await assertRejects(() => findArchive(carrel, ["demo/k3vyy"]), AppError);
  assertEquals([error.code, error.exit], ["record_damaged", 10]);
});

Deno.test("listArchives() leaves out what has no archive's name, hidden or not", async () => {
  const files = {
    ...FILES,
    [`${AT}/.k3v8h.incoming/task.json`]: record("k3v8h", "half"),
    [`${AT}/notes/task.json`]: "{}",
    [`${AT}/20260105T000000000000Z_0123abcd/task.json`]: "{}",
    [`${ROOT}/archive/demo/20260105T000000000000Z_project.yml`]: "",
  };
  const { carrel } = await newWorld({ files });
  assertEquals((await listArchives(carrel, null)).archives.length, 3);
});

Deno.test("toArchiveView() tells the time of deletion as RFC 3339", async () => {
  const { carrel } = await newWorld({ files: FILES });
  assertEquals(toArchiveView(await findArchive(carrel, ["demo", OTHER])), {
    archive_id: OTHER,
    archived_at: "2026-01-02T00:00:00.000003+00:00",
    project_id: "demo",
    task_id: "k3vzz",
    name: "third",
    mode: "run",
    exit_code: 1,
  });
});

Deno.test("findArchivedLog() takes the newest archive that has a log", async () => {
  const files = { ...FILES, [`${AT}/${OLDER}/logs/container.log`]: "old\n" };
  const { carrel } = await newWorld({ files });
  assertEquals(await findArchivedLog(carrel, DEMO, "2026"), `${AT}/${OLDER}/logs/container.log`);
  assertEquals(await findArchivedLog(carrel, DEMO, "20260202"), null);
  assertEquals(await findArchivedLog(carrel, parseProjectId("none"), "2026"), null);
});

Deno.test("archives hold what tasks have written: links in them are not followed", async () => {
  const { carrel, host } = await newWorld({ files: FILES });
  const [json, log] = [`${AT}/${NEWER}/task.json`, `${AT}/${NEWER}/logs/container.log`];
  for (const path of [json, log]) {
    await host.files.removeFile(path);
    host.files.symlink("/home/somebody/file", path);
  }
  host.files.put("/home/somebody/file", record("k3v8h", "stolen"));
  const { archives, damaged: [damaged, ...others] } = await listArchives(carrel, DEMO);
  assertEquals([archives.map(({ archiveId }) => archiveId), others], [[OTHER, OLDER], []]);
  assertEquals(damaged?.code, "record_damaged");
  assertStringIncludes(damaged?.message ?? "", `${json}: it is a symbolic link`);
  assertEquals(await findArchivedLog(carrel, DEMO, NEWER), null);
});
