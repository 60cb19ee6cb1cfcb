/**
 * What ends holds and tickets by time.
 *
 * @module
 */

/** Statements that remove what is over at a time in microseconds, given to each of them. */
export const END_HOLDS: readonly string[] = [
  `DELETE FROM held_resources WHERE dfid IN (SELECT dfid FROM holds WHERE expires_at <= ?)`,
  `DELETE FROM holds WHERE expires_at <= ?`,
  `DELETE FROM ticket_resources WHERE ticket IN (SELECT ticket FROM tickets WHERE expires_at <= ?)`,
  `DELETE FROM tickets WHERE expires_at <= ?`,
];
