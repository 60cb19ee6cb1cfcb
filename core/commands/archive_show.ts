/**
 * `carrel archive show`
 *
 * @module
 */
import { formatFields } from "../text/format_fields.ts";
import { workspaceDir } from "../meta/paths.ts";
import { findArchive, toArchiveView } from "../query/archives.ts";
import { findOwnLog } from "../query/own_log.ts";
import { command } from "./app.ts";
import { archiveArguments } from "./arguments.ts";

/** Shows a deleted task. */
export default command({
  summary: "Show one deleted task",
  examples: [{
    line: "carrel archive show demo/q7",
    note: "by task id, archive id, or the beginning of either",
  }],
  positionals: [archiveArguments],
  async run(app, { args }) {
    const carrel = await app.carrel();
    const archive = await findArchive(carrel, args.archive);
    const { record, dir } = archive;
    const data = {
      ...toArchiveView(archive),
      exit_reason: record.exit_reason,
      created_at: record.created_at,
      image: record.image,
      command: record.command,
      runtime: record.runtime,
      labels: record.labels,
      directory: dir,
      workspace_dir: workspaceDir(dir),
      log_file: await findOwnLog(carrel.host.files, dir),
    };
    return { data, addresses: [`${archive.project}/${archive.archiveId}`] };
  },
  text: (data) =>
    formatFields([
      ["Archive", `${data.project_id}/${data.archive_id}`],
      ["Archived", data.archived_at],
      ["Task", `${data.project_id}/${data.task_id}`],
      ["Name", data.name],
      ["Mode", data.mode],
      ["Exit code", data.exit_code === null ? null : String(data.exit_code)],
      ["Ended by", data.exit_reason],
      ["Image", data.image],
      ["Runtime", data.runtime],
      ["Created", data.created_at],
      ["Directory", data.directory],
      ["Log file", data.log_file],
    ]),
});
