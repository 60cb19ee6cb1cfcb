/**
 * `carrel archive restore`
 *
 * @module
 */
import { performedBefore } from "../engine/perform.ts";
import { restoreArchive, type Restored } from "../engine/restore_archive.ts";
import { parseProjectId } from "../identity/project_id.ts";
import { findArchive } from "../query/archives.ts";
import { addressOf, viewTask, wordMutation } from "./answer.ts";
import { mutation } from "./mutation.ts";
import { archiveArguments } from "./arguments.ts";

/** Brings a deleted task back. */
export default mutation({
  summary: "Bring a deleted task back: record, workspace and logs",
  description:
    "Its container is made again by `carrel task start`, from the recorded image and command. When another task has its id, it gets a new one, and its record names the old one.",
  examples: [
    { line: "carrel archive restore demo/q7", note: "under its old id, unless another task has it now" },
    { line: "carrel archive restore old/q7 --into demo", note: "when its project is gone" },
  ],
  positionals: [archiveArguments],
  flags: { into: { kind: "value", placeholder: "PROJECT", summary: "another project" } },
  async run(app, { args, flags, options }) {
    const into = flags.into === undefined ? {} : { into: parseProjectId(flags.into) };
    const carrel = await app.carrel();
    // Once restored, there is no such archive any more.
    const { op, ref, restoredFrom } = await performedBefore<Restored>(carrel, options) ??
      await restoreArchive(carrel, await findArchive(carrel, args.archive), into, options);
    const data = await op.answer(async () => ({
      task: await viewTask(carrel, ref),
      restored_from: restoredFrom,
    }));
    return { data, addresses: [addressOf(ref)] };
  },
  text: (data) =>
    wordMutation(
      data,
      ({ task, restored_from }) =>
        `restored ${task.project_id}/${task.task_id} (${task.name})` +
        (restored_from === null ? "" : `, which was ${restored_from}: another task has that id now`),
    ),
});
