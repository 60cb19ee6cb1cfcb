/**
 * `carrel op show`
 *
 * @module
 */
import type { Look } from "../cli/style.ts";
import { formatTable } from "../cli/table.ts";
import { describeOperation, describeRequest, type OperationDetails } from "../query/describe_operation.ts";
import { findOperation } from "../query/find_operation.ts";
import { formatFields } from "../text/format_fields.ts";
import { invariant } from "../invariant.ts";
import { command } from "./app.ts";
import { operationArgument } from "./arguments.ts";
import { wordOperations, wordPlace, wordTime, wordWho } from "./operation_words.ts";

/** Shows one operation. */
export default command({
  summary: "Show one operation: who, what, its steps, how it ended",
  examples: [{ line: "carrel op show 0190a5e4-7d", note: "by its id, or the beginning of it" }],
  positionals: [operationArgument],
  async run(app, { args }) {
    const carrel = await app.carrel();
    const state = await carrel.existingState();
    const found = await findOperation(state, args.op);
    if (found.kind === "request") {
      return { data: describeRequest(found.op, found.parts), addresses: [found.op] };
    }
    invariant(state !== null, "what was found was recorded somewhere");
    const data = await describeOperation(carrel.host, state, found.operation);
    return { data, addresses: [data.op] };
  },
  text: (data, look) => [wordFields(data), wordSteps(data, look), wordParts(data, look)].join(""),
});

function wordFields(data: OperationDetails): string {
  const { unfinished, error, result } = data;
  return formatFields([
    ["Operation", data.op],
    ["Verb", data.verb],
    ["Where", wordPlace(data) || null],
    ["Status", data.status],
    ["Began", wordTime(data.began_at) || null],
    ["Ended", wordTime(data.ended_at) || null],
    ["Settled", data.settled === null ? null : `${data.settled}, after its process had died`],
    ["Changed", data.changed === null ? null : data.changed ? "yes" : "no"],
    ["Exit code", data.exit === null ? null : String(data.exit)],
    ["Error", typeof error?.["message"] === "string" ? error["message"] : null],
    ["Who", wordWho(data.who) || null],
    ["Part of", data.parent],
    ["Arguments", Object.keys(data.args).length === 0 ? null : JSON.stringify(data.args)],
    ["Result", result === null ? null : JSON.stringify(result)],
    ["Process", unfinished?.process ?? null],
    ["Step", unfinished?.step ?? null],
    [
      "Tried to settle",
      unfinished === null || unfinished.attempts === 0 ? null : `${unfinished.attempts} times`,
    ],
    ["Last try", unfinished?.last_outcome ?? null],
  ]);
}

function wordSteps({ steps }: OperationDetails, look: Look): string {
  if (steps.length === 0) return "";
  const columns = [{ header: "STEP" }, { header: "TARGET", shrinks: true }, { header: "BEGAN" }];
  return `\n${formatTable(columns, steps.map(({ action, target, at }) => [action, target, at]), look)}`;
}

function wordParts({ parts }: OperationDetails, look: Look): string {
  return parts.length === 0 ? "" : `\n${wordOperations(parts, look)}`;
}
