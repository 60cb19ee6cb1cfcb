import { assertEquals, assertRejects } from "@std/assert";
import { AppError, SharedMountStorageInfo, TaskStorageInfo } from "../../core/mod.ts";
import { newWorld, ROOT } from "../support/world.ts";

const TASKS = "/srv/tasks";
const MOUNTS = `${ROOT}/sandbox-live/mounts`;

Deno.test("TaskStorageInfo.measure() tells what workspace and agent configuration take", async () => {
  const { carrel, host } = await newWorld();
  host.files.put(`${TASKS}/q7m2x/workspace-dangerous/src/main.ts`, "12345");
  host.files.hardLink(
    `${TASKS}/q7m2x/workspace-dangerous/src/main.ts`,
    `${TASKS}/q7m2x/workspace-dangerous/again`,
  );
  host.files.put(`${TASKS}/q7m2x/agent-config/prompt.txt`, "12");
  host.files.put(`${TASKS}/q7m2x/logs/container.log`, "not counted");
  const expected = new TaskStorageInfo("q7m2x", 5, 2);
  assertEquals(await TaskStorageInfo.measure(carrel, `${TASKS}/q7m2x`), expected);
  assertEquals(await TaskStorageInfo.measure(carrel, `${TASKS}/./q7m2x/`), expected);
  assertEquals(expected.total_bytes, 7);
});

Deno.test("TaskStorageInfo.measure() is zero for what is absent, and follows no link", async () => {
  const { carrel, host } = await newWorld();
  host.files.put("/secret/workspace-dangerous/f", "12345");
  host.files.symlink("/secret", `${TASKS}/q7m2x`);
  host.files.symlink("/secret/workspace-dangerous", `${TASKS}/k3v8h/workspace-dangerous`);
  for (const id of ["q7m2x", "k3v8h", "z0zzz"]) {
    assertEquals(await TaskStorageInfo.measure(carrel, `${TASKS}/${id}`), new TaskStorageInfo(id, 0, 0));
  }
});

Deno.test("TaskStorageInfo.measureAll() has the tasks, sorted by id, and nothing else", async () => {
  const { carrel, host } = await newWorld();
  for (const name of ["q7m2x", "k3v8h", "_shared", ".k3v8h.outgoing", "deadbeef"]) {
    host.files.put(`${TASKS}/${name}/workspace-dangerous/f`, "12345");
  }
  host.files.putDir(`${TASKS}/z0zzz`);
  host.files.put(`${TASKS}/m1aaa`, "a file");
  assertEquals(await TaskStorageInfo.measureAll(carrel, TASKS), [
    new TaskStorageInfo("k3v8h", 5, 0),
    new TaskStorageInfo("q7m2x", 5, 0),
    new TaskStorageInfo("z0zzz", 0, 0),
  ]);
  assertEquals(await TaskStorageInfo.measureAll(carrel, "/none"), []);
});

Deno.test("SharedMountStorageInfo.measureAll() has each mount with its label, sorted by name", async () => {
  const { carrel, host } = await newWorld({
    files: { "/etc/carrel-test/config.yml": "agents: {claude: {label: Claude Code}}\n" },
  });
  host.files.put(`${MOUNTS}/_codex-config/auth.json`, "12");
  host.files.put(`${MOUNTS}/_claude-config/auth.json`, "12345");
  host.files.put(`${MOUNTS}/file`, "1");
  host.files.put("/elsewhere/my-cache/f", "1");
  assertEquals(await SharedMountStorageInfo.measureAll(carrel), [
    new SharedMountStorageInfo("_claude-config", "Claude Code", 5),
    new SharedMountStorageInfo("_codex-config", "Codex Config", 2),
  ]);
  assertEquals(await SharedMountStorageInfo.measureAll(carrel, "/elsewhere"), [
    new SharedMountStorageInfo("my-cache", "My Cache", 1),
  ]);
  assertEquals(await SharedMountStorageInfo.measureAll(carrel, "/none"), []);
});

Deno.test("what cannot be read is a warning, and the rest counts", async () => {
  const { carrel, host, notices } = await newWorld();
  host.files.put(`${TASKS}/q7m2x/workspace-dangerous/f`, "12345");
  host.files.put(`${MOUNTS}/_a/f`, "12345");
  host.processes.onCommand(({ argv: [, root] }) => ({
    code: 1,
    stdout: "1,3,8,\nnull,\n",
    stderr: `find: '${root}/closed': Permission denied\n`,
  }));
  assertEquals((await TaskStorageInfo.measure(carrel, `${TASKS}/q7m2x`)).workspace_bytes, 3);
  assertEquals((await SharedMountStorageInfo.measureAll(carrel)).map(({ bytes }) => bytes), [3]);
  assertEquals(notices.map(({ kind, text }) => [kind, text]), [
    ["warning", `${TASKS}/q7m2x/workspace-dangerous/closed is not counted: permission denied`],
    ["warning", `${MOUNTS}/_a/closed is not counted: permission denied`],
  ]);
});

Deno.test("paths are absolute", async () => {
  const { carrel } = await newWorld();
  const calls = [
    () => TaskStorageInfo.measure(carrel, "q7m2x"),
    () => TaskStorageInfo.measureAll(carrel, "-delete"),
    () => SharedMountStorageInfo.measureAll(carrel, ""),
  ];
  for (const call of calls) assertEquals((await assertRejects(call, AppError)).code, "invalid_value");
});
