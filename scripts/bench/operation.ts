/**
 * What the state benchmark measures: one call on a store, and what it stands against.
 *
 * @module
 */

/** How an operation is judged. */
export type OperationGroup =
  /** A write that the reference has under the same name, one transaction. */
  | "write"
  /** The same, but here it does more in that transaction. */
  | "extended"
  /** A read of one row that the reference has under the same name. */
  | "read"
  /** The same with many rows, which take longer to decode than to find. */
  | "list"
  /** What the reference does not have. */
  | "more";

/** One operation on one backend. */
export interface Operation {
  /** `slot.method`, or `Manager.method`. */
  readonly name: string;
  /** How it is judged. */
  readonly group: OperationGroup;
  /** Calls of the reference that do the same work, or come nearest to it. */
  readonly reference: readonly string[];
  /** Transactions with the write lock that one call makes. */
  readonly transactions: number;
  /** What it does more than the reference. */
  readonly adds?: string;
  /** Once a round instead of once for each key. */
  readonly once?: boolean;
  /** What must be there before; not measured. */
  readonly prepare?: (key: number) => Promise<unknown>;
  /** The call itself. */
  readonly run: (key: number) => Promise<unknown>;
}

type Run = Operation["run"];

/** A write that the reference has under the same name. */
export function write(name: string, run: Run): Operation {
  return { name, group: "write", reference: [name], transactions: 1, run };
}

/** A write that the reference has under the same name, and that does more here. */
export function extended(name: string, adds: string, run: Run): Operation {
  return { name, group: "extended", reference: [name], transactions: 1, adds, run };
}

/** A read of one row that the reference has under the same name. */
export function read(name: string, run: Run): Operation {
  return { name, group: "read", reference: [name], transactions: 0, run };
}

/** A read of many rows that the reference has under the same name. */
export function list(name: string, run: Run): Operation {
  return { name, group: "list", reference: [name], transactions: 0, run };
}

/** An operation that the reference does not have. */
export function more(
  name: string,
  reference: readonly string[],
  transactions: number,
  parts: Pick<Operation, "run" | "prepare" | "once"> | Run,
): Operation {
  const made = typeof parts === "function" ? { run: parts } : parts;
  return { name, group: "more", reference, transactions, ...made };
}

/** Whether the reference is asked for it by this name. */
export function hasCounterpart({ group }: Operation): boolean {
  return group !== "more";
}
