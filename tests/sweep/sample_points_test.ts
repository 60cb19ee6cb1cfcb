import { assertEquals } from "@std/assert";
import type { Point } from "../../scripts/sweep/points.ts";
import { samplePoints, sampleWithSpawns } from "../../scripts/sweep/sample_points.ts";

function points(syscall: string, count: number): Point[] {
  return Array.from(
    { length: count },
    (_, at) => ({ key: `${syscall} x #${at + 1}`, syscall, ordinal: at + 1 }),
  );
}

const RUN = [...points("fsync", 9), ...points("clone", 5), ...points("pidfd_open", 5), ...points("write", 9)];

function spawnsIn(sample: readonly Point[]): number {
  return sample.filter(({ syscall }) => syscall === "clone" || syscall === "pidfd_open").length;
}

Deno.test("sampleWithSpawns() takes half of its points where programs are started", () => {
  for (const [count, spawns] of [[1, 1], [2, 1], [7, 4], [12, 6], [20, 10], [28, 10]] as const) {
    const sample = sampleWithSpawns(RUN, count, 1);
    assertEquals([sample.length, spawnsIn(sample)], [count, spawns]);
  }
});

Deno.test("sampleWithSpawns() makes up for spawns that there are not", () => {
  const sample = sampleWithSpawns([...points("clone", 1), ...points("fsync", 9)], 6, 1);
  assertEquals([sample.length, spawnsIn(sample)], [6, 1]);
});

Deno.test("samples are in the order of the points, and the same ones for the same seed", () => {
  for (const sample of [samplePoints, sampleWithSpawns]) {
    const chosen = sample(RUN, 8, 3);
    assertEquals(chosen, RUN.filter((point) => chosen.includes(point)));
    assertEquals(chosen, sample(RUN, 8, 3));
  }
});
