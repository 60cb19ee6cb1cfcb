/**
 * `carrel archive logs`
 *
 * @module
 */
import { AppError } from "../error.ts";
import { followLog } from "../logs/follow_log.ts";
import { findArchive } from "../query/archives.ts";
import { findOwnLog } from "../query/own_log.ts";
import { command } from "./app.ts";
import { archiveArguments } from "./arguments.ts";
import { writeOutput } from "./output_writer.ts";

/** Prints the output of a deleted task. */
export default command({
  summary: "Print the output of a deleted task",
  examples: [{ line: "carrel archive logs demo/q7", note: "stdout to stdout, stderr to stderr" }],
  positionals: [archiveArguments],
  streams: true,
  async run(app, { args }) {
    const carrel = await app.carrel();
    const archive = await findArchive(carrel, args.archive);
    const path = await findOwnLog(carrel.host.files, archive.dir);
    if (path === null) {
      throw new AppError("logs_not_found", `archive ${archive.archiveId} has no logs`, {
        hint: "the task had not run, or its container left none",
      });
    }
    await writeOutput(app, followLog(carrel.host, path, { follow: false }));
    return { data: { project_id: archive.project, archive_id: archive.archiveId } };
  },
  text: () => "",
});
