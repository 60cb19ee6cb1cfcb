import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { restartTask, startTask } from "../../core/engine/start_task.ts";
import { stopTask } from "../../core/engine/stop_task.ts";
import { AppError } from "../../core/error.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { toTaskView } from "../../core/query/task_meta.ts";
import { look, newRecorder, newTask, newWorld, placesOf, ROOT, runTask } from "../support/world.ts";

const WEB = `run:
  runtime: fake
  fake: {duration_ms: 1000000}
  web: {command: [serve], port: 3000}
  toad: {command: [toad]}
`;
const PROJECTS = { demo: WEB, other: WEB };

Deno.test("a task of mode web gets a port of the loopback, and its token in a file of its own", async () => {
  const { plugin, specs } = newRecorder();
  const { carrel, host } = await newWorld({ projects: PROJECTS, plugins: [plugin] });
  const ref = await runTask(carrel, { mode: "web" });
  const [spec] = specs;
  assertEquals(spec?.ports, [{ hostAddress: "127.0.0.1", hostPort: 18_700, containerPort: 3000 }]);
  assertEquals([spec?.command, spec?.entrypoint], [["serve"], "none"]);
  assertEquals([spec?.env.CARREL_WEB_PORT, spec?.env.CARREL_WEB_TOKEN_FILE], [
    "3000",
    "/home/dev/.terok/web.token",
  ]);
  const meta = await look(carrel, ref);
  assertEquals([meta.web_port, /^[A-Za-z0-9_-]{43}$/.test(meta.web_token ?? "")], [18_700, true]);
  const file = `${placesOf(ref).dir}/agent-config/web.token`;
  assertEquals(await host.files.readText(file), `${meta.web_token}\n`);
  assertEquals((await host.files.info(file))?.mode, 0o600);
  const seen = JSON.stringify([specs, toTaskView(meta), host.processes.commands]);
  assertEquals(seen.includes(meta.web_token ?? "-"), false);
});

Deno.test("a task of mode toad has a token file of that name", async () => {
  const { plugin, specs } = newRecorder();
  const { carrel, host } = await newWorld({ projects: PROJECTS, plugins: [plugin] });
  const ref = await runTask(carrel, { mode: "toad" });
  assertEquals([specs[0]?.command, specs[0]?.ports[0]?.containerPort], [["toad"], 8080]);
  assertEquals((await host.files.info(`${placesOf(ref).dir}/agent-config/toad.token`))?.mode, 0o600);
});

Deno.test("no port is given to two tasks, in whatever projects, at whatever time", async () => {
  const { open, carrel } = await newWorld({ projects: PROJECTS });
  const other = parseProjectId("other");
  const refs = await Promise.all([
    runTask(await open(), { mode: "web" }),
    runTask(await open(), { mode: "toad" }),
    runTask(await open(), { mode: "web" }, other),
  ]);
  const metas = await Promise.all(refs.map((ref) => look(carrel, ref)));
  assertEquals(metas.map(({ web_port }) => web_port).sort(), [18_700, 18_701, 18_702]);
  const tokens = metas.map(({ web_token }) => web_token);
  assertEquals(new Set(tokens).size, 3);
});

Deno.test("a stopped task keeps its port", async () => {
  const { carrel } = await newWorld({ projects: PROJECTS });
  const first = await runTask(carrel, { mode: "web" });
  await stopTask(carrel, first);
  const second = await runTask(carrel, { mode: "web" });
  assertEquals((await look(carrel, second)).web_port, 18_701);
  await startTask(carrel, first);
  assertEquals((await look(carrel, first)).web_port, 18_700);
});

Deno.test("a port that something else listens on is passed over", async () => {
  const { carrel, host } = await newWorld({ projects: PROJECTS });
  host.network.listening.add(18_700).add(18_701);
  assertEquals((await look(carrel, await runTask(carrel, { mode: "web" }))).web_port, 18_702);
});

Deno.test("a recreate keeps port and token, unless the port is taken by something else", async () => {
  const { carrel, host } = await newWorld({ projects: PROJECTS });
  const ref = await runTask(carrel, { mode: "web" });
  const before = await look(carrel, ref);
  await restartTask(carrel, ref, { recreate: true });
  const again = await look(carrel, ref);
  assertEquals([again.web_port, again.web_token], [before.web_port, before.web_token]);
  await stopTask(carrel, ref);
  host.network.listening.add(18_700);
  await restartTask(carrel, ref, { recreate: true });
  const moved = await look(carrel, ref);
  assertNotEquals(moved.web_port, before.web_port);
  assertEquals(moved.web_token, before.web_token);
});

Deno.test("a token file that the task replaced by a link is replaced, not written through", async () => {
  const { carrel, host } = await newWorld({ projects: PROJECTS });
  const ref = await runTask(carrel, { mode: "web" });
  const file = `${placesOf(ref).dir}/agent-config/web.token`;
  host.files.put("/etc/precious", "mine\n");
  host.files.symlink("/etc/precious", file);
  await restartTask(carrel, ref, { recreate: true });
  assertEquals(await host.files.readText("/etc/precious"), "mine\n");
  assertEquals((await host.files.info(file))?.kind, "file");
});

Deno.test("a damaged record of another task does not keep a task from its port", async () => {
  const { carrel, host } = await newWorld({ projects: PROJECTS });
  host.files.put(placesOf(await newTask(carrel)).bookkeeping, "web_port: [");
  host.files.put(`${ROOT}/core/projects/other/tasks/k3v8h_meta.yml`, "web_port: many\n");
  assertEquals((await look(carrel, await runTask(carrel, { mode: "web" }))).web_port, 18_700);
});

Deno.test("no free port is a lack of capacity", async () => {
  const host = newMemoryHost();
  const full = { ...host, network: { ...host.network, portIsFree: () => Promise.resolve(false) } };
  const { host: disk, open } = await newWorld({ projects: PROJECTS });
  const carrel = await open({ host: { ...disk, network: full.network } });
  const error = await assertRejects(() => runTask(carrel, { mode: "web" }), AppError);
  assertEquals([error.code, error.exit], ["insufficient_capacity", 12]);
});
