/**
 * `carrel state check`
 *
 * @module
 */
import type { Carrel } from "../carrel.ts";
import { AppError } from "../error.ts";
import { wasStateUsed } from "../state/was_state_used.ts";
import type { StateFileReport } from "../state/sqlite/check_state_file.ts";
import { command } from "./app.ts";

/** What is known of the state store. */
interface StateCheck {
  readonly ok: boolean;
  /** Null for stores in memory, and where nothing was ever recorded. */
  readonly file: string | null;
  readonly schema_version: number | null;
  readonly known_version: number | null;
  readonly problems: readonly string[];
}

/** Checks the file of the state store. */
export default command({
  summary: "Check that the file of the state store is sound",
  description:
    "Reads all of it, and changes nothing. A file that a newer carrel has written is checked as well.",
  examples: [{ line: "carrel state check", note: "exit 10 names what is wrong" }],
  async run(app) {
    const carrel = await app.carrel();
    const report = await readReport(carrel);
    const file = report === null ? null : carrel.paths.stateDb;
    const { schema_version, known_version, problems } = report ?? NOTHING;
    const data: StateCheck = { ok: problems.length === 0, file, schema_version, known_version, problems };
    if (isNewer(data)) {
      const text =
        `${file} has schema ${schema_version}, newer than ${known_version}, the newest known here: ` +
        "only the carrel that wrote it, or a newer one, can work with it";
      app.io.warn(text);
    }
    return { data, addresses: [], ...(data.ok ? {} : { error: damaged(data) }) };
  },
  text: ({ ok, file, schema_version }) => {
    if (!ok) return "";
    return file === null ? "there is no state store yet" : `${file} is sound (schema ${schema_version})`;
  },
});

const NOTHING = { schema_version: null, known_version: null, problems: [] };

async function readReport({ host, paths }: Carrel): Promise<StateFileReport | null> {
  if (!host.system.hasDisk || await host.files.info(paths.stateDb) === null) return null;
  const { checkStateFile } = await import("../state/sqlite/check_state_file.ts");
  return await checkStateFile(paths.stateDb, host, { wasUsed: await wasStateUsed(host.files, paths) });
}

function isNewer({ schema_version, known_version }: StateCheck): boolean {
  return schema_version !== null && known_version !== null && schema_version > known_version;
}

function damaged({ file, problems }: StateCheck): AppError {
  const [first = "", ...others] = problems;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return new AppError("storage_failed", `the state store ${file} is damaged: ${first}${more}`, {
    hint: "put a backup in its place",
    details: { problems },
  });
}
