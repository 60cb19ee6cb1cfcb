/**
 * `carrel config paths`
 *
 * @module
 */
import { formatFields } from "../text/format_fields.ts";
import { command } from "./app.ts";

/** Shows where everything is. */
export default command({
  summary: "Show where configuration and data are",
  examples: [{ line: "carrel config paths", note: "files that exist and files that may" }],
  async run(app) {
    const { paths } = await app.carrel();
    return {
      data: {
        root: paths.root,
        config_dir: paths.configDir,
        user_config: paths.userConfig,
        system_config: paths.systemConfig,
        projects_dir: paths.projectsDir,
        core_dir: paths.coreDir,
        archive_dir: paths.archiveRoot,
        mounts_dir: paths.mountsDir,
      },
    };
  },
  text: (paths) => formatFields(Object.entries(paths)),
});
