/**
 * From what a person types to one operation.
 *
 * @module
 */
import { AppError } from "../error.ts";
import { eachFlow, type OperationStores } from "./list_operations.ts";
import { type OperationView, toOperationView } from "./operation_view.ts";

/** What an id stands for. */
export type FoundOperation =
  /** One operation. */
  | { readonly kind: "operation"; readonly operation: OperationView }
  /** A request on several targets: only its parts are operations, here in their order. */
  | { readonly kind: "request"; readonly op: string; readonly parts: readonly OperationView[] };

/** The length of a UUID in its usual form. */
const ID_LENGTH = 36;
/** A part of a request has the time of its request, and that many characters of its id. */
const TIME_LENGTH = "0190a5e4-7d2a-7".length;
/** So many matches are named. */
const NAMED_MAX = 5;

/**
 * Finds what begins with `typed`: an operation, or a request on several targets. Throws `invalid_value`,
 * `operation_not_found`, or `ambiguous` with matches in `details.matches`.
 *
 * @param stores null when nothing was ever recorded
 */
export async function findOperation(stores: OperationStores | null, typed: string): Promise<FoundOperation> {
  const prefix = parseOperationPrefix(typed);
  const { operations, related } = stores === null
    ? { operations: [], related: [] }
    : await collect(stores, prefix);
  const requests = new Map<string, OperationView[]>();
  const known = new Set(operations.map(({ op }) => op));
  for (const part of related.toReversed()) {
    if (part.parent === null || !part.parent.startsWith(prefix) || known.has(part.parent)) continue;
    requests.set(part.parent, [...requests.get(part.parent) ?? [], part]);
  }
  const found: FoundOperation[] = [
    ...operations.map((operation) => ({ kind: "operation" as const, operation })),
    ...Array.from(requests, ([op, parts]) => ({ kind: "request" as const, op, parts })),
  ];
  const [only, ...others] = found;
  if (only === undefined) {
    throw new AppError("operation_not_found", `no operation begins with ${prefix}`, {
      hint: "see what there is: carrel op list",
      details: { prefix },
    });
  }
  if (others.length > 0) throw ambiguous(prefix, found.map(idOf));
  return only;
}

/** Reads the beginning of an operation's id as a person typed it. Throws `invalid_value`. */
function parseOperationPrefix(typed: string): string {
  const prefix = typed.toLowerCase();
  if (/^[0-9a-f][0-9a-f-]*$/.test(prefix) && prefix.length <= ID_LENGTH) return prefix;
  throw new AppError("invalid_value", `${JSON.stringify(typed)} is not the id of an operation`, {
    hint: "give an id, or the beginning of one, as `carrel op list` shows it",
  });
}

/** The operations that begin with the prefix, and those that may be parts of a request that does. */
async function collect(
  stores: OperationStores,
  prefix: string,
): Promise<{ readonly operations: OperationView[]; readonly related: OperationView[] }> {
  const operations: OperationView[] = [];
  const related: OperationView[] = [];
  const time = prefix.slice(0, TIME_LENGTH);
  for await (const { dfid, status } of eachFlow(stores)) {
    if (!dfid.startsWith(time)) continue;
    const operation = toOperationView(await stores.decisionAudit.eventsForDfid(dfid));
    if (operation === null) continue;
    related.push({ ...operation, status });
    if (dfid.startsWith(prefix)) operations.push({ ...operation, status });
    // Whatever else there is, it is not the only one.
    if (operations.length > NAMED_MAX) break;
  }
  return { operations, related };
}

function idOf(found: FoundOperation): string {
  return found.kind === "operation" ? found.operation.op : found.op;
}

function ambiguous(prefix: string, matches: readonly string[]): AppError {
  const named = matches.slice(0, NAMED_MAX);
  const more = matches.length > named.length ? " or another" : "";
  return new AppError("ambiguous", `more than one operation begins with ${prefix}`, {
    hint: `add a character; it could be ${named.join(", ")}${more}`,
    details: { matches: named },
  });
}
