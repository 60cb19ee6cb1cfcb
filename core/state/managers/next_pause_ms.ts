/**
 * How often to look whether something has become free.
 *
 * @module
 */

const FIRST_MS = 5;
const LONGEST_MS = 250;

/** The pause after this one, milliseconds; 0 = before the first. Short at the beginning, then twice as long each time. */
export function nextPauseMs(pauseMs: number): number {
  return Math.min(Math.max(2 * pauseMs, FIRST_MS), LONGEST_MS);
}
