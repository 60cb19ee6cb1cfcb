/**
 * `carrel state prune`
 *
 * @module
 */
import { pruneState } from "../engine/prune_state.ts";
import { AppError } from "../error.ts";
import { checkHistoryAge } from "../history_age.ts";
import { parseDuration } from "../parse_duration.ts";
import { wordMutation } from "./answer.ts";
import { mutation } from "./mutation.ts";

/** Forgets what was done long ago. */
export default mutation({
  summary: "Forget what was done long ago: operations that have ended, the audit's beginning",
  description:
    "What has not ended stays, and so does what a task refers to that is there or archived, such as the decisions on its questions. Decided questions go a year later at the soonest. `audit verify` goes on from where the audit was cut. Nothing is pruned by itself unless state.keep_for is set.",
  examples: [
    { line: "carrel state prune --older-than 90d --dry-run", note: "how much would go" },
    { line: "carrel state prune --older-than 90d", note: "the last three months stay" },
  ],
  flags: {
    olderThan: {
      kind: "value",
      placeholder: "DURATION",
      summary: "what is older goes, in seconds or like 30d; 7d at least",
      parse: (text: string) => checkHistoryAge(parseDuration(text)),
    },
  },
  async run(app, { flags: { olderThan }, options }) {
    if (olderThan === undefined) {
      throw new AppError("usage", "--older-than is needed", {
        hint: "carrel state prune --older-than 90d --dry-run shows how much would go",
      });
    }
    const { op, ...pruned } = await pruneState(await app.carrel(), { olderThanS: olderThan }, options);
    const { audit_needed_by: needed } = pruned;
    if (needed !== null) app.io.warn(`the audit is kept from the first event on of ${needed}`);
    return { data: await op.answer(() => pruned), addresses: [] };
  },
  text: (data) =>
    wordMutation(data, ({ changed, operations, events, decisions }) => {
      if (!changed) return "nothing to prune";
      return `forgot operations: ${operations}, events of the audit: ${events}, decisions: ${decisions}`;
    }),
});
