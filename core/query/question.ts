/**
 * What a task asks of people.
 *
 * @module
 */
import type { JsonValue } from "../state/json_value.ts";

/** A question that waits for a person's decision. */
export interface Question {
  /** SHA-256 of the file that asks, in hex: another text is another question. */
  readonly request: string;
  /** Who asks: the agent, or the task where no registered agent does. */
  readonly agent: string;
  /** Why a person is needed; as the agent wrote it. */
  readonly reason: string;
  /** What led to it. */
  readonly context: JsonValue;
  /** What the agent would do. */
  readonly proposal: JsonValue;
  /** How much hangs on it; may be empty. */
  readonly impact: string;
  /** When it was asked, by the time of the file, but never later than now. */
  readonly asked_at: string;
}

/** What was seen where a task asks. */
export interface Asked {
  /** Null when nothing waits for a decision. */
  readonly question: Question | null;
  /** Why what is asked there is not heeded, one sentence; null when nothing is wrong. */
  readonly problem: string | null;
}

/** Nothing is asked. */
export const NOTHING_ASKED: Asked = { question: null, problem: null };

const REASON_CHARACTERS_MAX = 200;

/**
 * The reason on one line, shortened.
 *
 * @example
 * ```ts
 * import { shortReason } from "./question.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(shortReason({ reason: "\nDrop the table?\nIt has 3 rows.\n" }), "Drop the table? …");
 * ```
 */
export function shortReason({ reason }: Pick<Question, "reason">): string {
  const [line = "", ...more] = reason.trim().split("\n");
  const short = line.trimEnd().slice(0, REASON_CHARACTERS_MAX);
  return more.length === 0 && short === line.trimEnd() ? short : `${short} …`;
}

/**
 * How to answer a task's question.
 *
 * @example
 * ```ts
 * import { howToAnswer } from "./question.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(howToAnswer("demo/q7m2x"), "carrel escalation resolve demo/q7m2x override|modify|abort");
 * ```
 */
export function howToAnswer(address: string): string {
  return `carrel escalation resolve ${address} override|modify|abort`;
}
