/**
 * A process that changes a task, under the task's lock, and takes its time.
 *
 * It says `"held"` when it has the lock, and renames the task when it is told anything.
 *
 * Usage: task_holder.ts ROOT CONFIG_DIR PROJECT ID NAME
 *
 * @module
 */
import { withTask } from "../../core/engine/with_task.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { parseTaskId } from "../../core/identity/task_id.ts";
import { openCarrel } from "../../core/open_carrel.ts";
import { encodeLine, readLines } from "./line_process.ts";

if (import.meta.main) {
  const [root = "", configDir = "", project = "", id = "", name = ""] = Deno.args;
  const carrel = await openCarrel({ root, configDir });
  const orders = readLines(Deno.stdin.readable);
  await withTask(
    carrel,
    { dryRun: false },
    { project: parseProjectId(project), id: parseTaskId(id) },
    async (task) => {
      await Deno.stdout.write(encodeLine("held"));
      await orders.next();
      await task.update({ name });
    },
  );
  await Deno.stdout.write(encodeLine("written"));
  Deno.exit(0);
}
