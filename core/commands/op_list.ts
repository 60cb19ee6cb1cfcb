/**
 * `carrel op list`
 *
 * @module
 */
import { AppError } from "../error.ts";
import { listOperations } from "../query/list_operations.ts";
import { command } from "./app.ts";
import { limitFlag } from "./arguments.ts";
import { placeFlags, readPlace } from "./history_place.ts";
import { sinceFlag, stampOf } from "./moment.ts";
import { wordOperations } from "./operation_words.ts";

const UNFINISHED = ["CREATED", "ACTIVE"];
const STATUSES = [...UNFINISHED, "CLOSED", "ABORTED"];

/** Lists what was done. */
export default command({
  summary: "List what was done, newest first",
  description:
    "Every command that changes something is an operation. CREATED and ACTIVE: it has not ended. CLOSED: it is done. ABORTED: it failed, or was undone or abandoned after an interruption.",
  examples: [
    { line: "carrel op list --task demo/q7 --limit 10", note: "what happened to a task" },
    { line: "carrel op list --unfinished", note: "what is under way, or was interrupted" },
    { line: "carrel op list --status aborted --since 1d --json", note: "what failed since yesterday" },
  ],
  flags: {
    ...placeFlags,
    status: { kind: "value", placeholder: "WORD", parse: parseStatus, summary: "only this status" },
    unfinished: { kind: "boolean", summary: "only what has not ended" },
    since: sinceFlag,
    limit: limitFlag,
  },
  async run(app, { flags }) {
    if (flags.unfinished && flags.status !== undefined) {
      throw new AppError("usage", "--status and --unfinished exclude each other", {
        hint: "--unfinished is the statuses CREATED and ACTIVE",
      });
    }
    const carrel = await app.carrel();
    const place = await readPlace(carrel, flags);
    const state = await carrel.existingState();
    const operations = state === null ? [] : await listOperations(state, {
      ...place,
      statuses: flags.unfinished ? UNFINISHED : flags.status === undefined ? undefined : [flags.status],
      since: stampOf(flags.since, carrel.host.clock),
      limit: flags.limit,
    });
    return { data: operations, addresses: operations.map(({ op }) => op) };
  },
  text: (operations, look) => operations.length === 0 ? "no operations" : wordOperations(operations, look),
});

function parseStatus(text: string): string {
  const status = STATUSES.find((word) => word === text.toUpperCase());
  if (status !== undefined) return status;
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not a status of an operation`, {
    hint: `one of: ${STATUSES.join(", ")}`,
  });
}
