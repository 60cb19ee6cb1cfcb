import { assertEquals } from "@std/assert";
import { captureLogs } from "../../core/engine/capture_logs.ts";
import { deleteTask } from "../../core/engine/delete_task.ts";
import { AppError } from "../../core/error.ts";
import type { LogChunk } from "../../core/port/runtime.ts";
import { findContainer } from "../../core/query/launched_container.ts";
import { openProject } from "../../core/query/open_project.ts";
import { readStoredTask } from "../../core/query/stored_task.ts";
import { readTaskLogs } from "../../core/query/task_logs.ts";
import {
  DEMO,
  fakeProject,
  fakeWith,
  newWorld,
  onlyArchive,
  placesOf,
  runTask,
  treeAt,
} from "../support/world.ts";

const encoder = new TextEncoder();

/** A runtime that keeps its containers' output to itself, and tells it when asked. */
function withLogs(chunks: readonly LogChunk[], failure?: Error) {
  return fakeWith(() => ({
    async *logs() {
      await Promise.resolve();
      yield* chunks;
      if (failure !== undefined) throw failure;
    },
  }));
}

const CHUNKS: LogChunk[] = [
  { stream: "stdout", time: "2026-01-01T00:00:01.000000001Z", data: encoder.encode("out\npart") },
  { stream: "stderr", time: "2026-01-01T00:00:02Z", data: encoder.encode("err\n") },
];

async function newLoggedTask(chunks: readonly LogChunk[], failure?: Error) {
  const world = await newWorld({ plugins: [withLogs(chunks, failure)] });
  const ref = await runTask(world.carrel);
  const task = await readStoredTask(world.carrel, await openProject(world.carrel, DEMO), ref.id);
  const capture = async () => await captureLogs(world.carrel, task, await findContainer(world.carrel, task));
  return { ...world, ref, capture, path: `${placesOf(ref).dir}/logs/container.log` };
}

Deno.test("captureLogs() keeps both streams, tagged and with their times", async () => {
  const { capture, host, path } = await newLoggedTask(CHUNKS);
  assertEquals(await capture(), path);
  assertEquals(
    await host.files.readText(path),
    "2026-01-01T00:00:01.000000001Z stdout F out\n" +
      "2026-01-01T00:00:01.000000001Z stdout P part\n" +
      "2026-01-01T00:00:02Z stderr F err\n",
  );
  assertEquals((await host.files.info(path))?.mode, 0o600);
});

Deno.test("captureLogs() leaves the log that the container writes itself", async () => {
  const { capture, host, path } = await newLoggedTask(CHUNKS);
  host.files.put(path, "2026-01-01T00:00:00Z stdout F own\n");
  assertEquals(await capture(), path);
  assertEquals(await host.files.readText(path), "2026-01-01T00:00:00Z stdout F own\n");
});

Deno.test("captureLogs() keeps all or nothing", async () => {
  const { capture, host, path, ref } = await newLoggedTask(CHUNKS, new AppError("runtime_failed", "cut off"));
  assertEquals([await capture(), await host.files.info(path)], [null, null]);
  assertEquals(Object.keys(treeAt(host, `${placesOf(ref).dir}/logs`)), []);
});

Deno.test("captureLogs() of a container that is gone keeps nothing", async () => {
  const { capture, carrel, ref } = await newLoggedTask(CHUNKS);
  const { runtime } = await carrel.openRuntime("fake", await carrel.config(DEMO));
  await runtime.remove([`demo-run-${ref.id}`]);
  assertEquals(await capture(), null);
});

Deno.test("a deletion takes the output along, and says so when it cannot", async () => {
  const kept = await newLoggedTask(CHUNKS);
  assertEquals((await deleteTask(kept.carrel, kept.ref)).warnings, []);
  const log = treeAt(kept.host, (await onlyArchive(kept.carrel)).dir)["logs/container.log"];
  assertEquals(log?.split("\n").length, 4);

  const lost = await newLoggedTask([], new AppError("runtime_failed", "cut off"));
  const { warnings } = await deleteTask(lost.carrel, lost.ref);
  assertEquals(warnings, [`the output of demo-run-${lost.ref.id} could not be kept`]);
});

Deno.test("readTaskLogs() reads the file when there is one, else asks the runtime", async () => {
  const { carrel, host, ref, path } = await newLoggedTask(CHUNKS);
  const said = async () => {
    const texts: string[] = [];
    for await (const { stream, data } of readTaskLogs(carrel, ref)) {
      texts.push(`${stream}:${new TextDecoder().decode(data)}`);
    }
    return texts.join("");
  };
  assertEquals(await said(), "stdout:out\npartstderr:err\n");
  host.files.put(path, "2026-01-01T00:00:00Z stderr F own\n");
  assertEquals(await said(), "stderr:own\n");
});

Deno.test("the output of a fake run is in its log", async () => {
  const { carrel, host } = await newWorld({
    projects: { demo: fakeProject({ stdout: "a\n", stderr: "b\n" }) },
  });
  const ref = await runTask(carrel);
  const lines = (await host.files.readText(`${placesOf(ref).dir}/logs/container.log`)).trim().split("\n");
  assertEquals(lines.map((line) => line.split(" ").slice(1).join(" ")), ["stdout F a", "stderr F b"]);
});
