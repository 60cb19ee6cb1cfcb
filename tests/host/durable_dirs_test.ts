import { dirname, fromFileUrl, join } from "@std/path";
import { assertEquals } from "@std/assert";
import { crashedTree } from "../../scripts/sweep/crash_states.ts";
import { recordRun } from "../../scripts/sweep/record_run.ts";
import { readHistory } from "../../scripts/sweep/storage_history.ts";
import { readTree } from "../../scripts/sweep/storage_tree.ts";
import { whyNoStrace } from "../../scripts/why_no_strace.ts";

const PROGRAM = fromFileUrl(import.meta.resolve("./host_program.ts"));

Deno.test(
  "ensureDir() makes every directory for good",
  { ignore: await whyNoStrace() !== null },
  async () => {
    const dir = await Deno.makeTempDir({ prefix: "carrel-dirs-" });
    try {
      const before = await readTree(dir);
      const argv = [Deno.execPath(), "run", "--no-check", "-q", "-A", PROGRAM, "ensure-dirs", dir];
      const options = {
        env: Deno.env.toObject(),
        cwd: dirname(dir),
        file: join(dirname(dir), `trace-${Deno.pid}`),
      };
      const { code, stderr, calls } = await recordRun(argv, options);
      await Deno.remove(options.file);
      assertEquals(code, 0, stderr);
      const history = readHistory(calls, before, { dir, worthless: /$^/ });
      const kept = [...history.events.keys()].filter((at) => history.events[at]?.durableAt !== Infinity);
      const left = crashedTree(history, { key: "", kept, torn: null, isAnswered: true });
      assertEquals(Array.from(left.entries(), ([path]) => path), ["a", "a/b", "a/b/c"]);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
);
