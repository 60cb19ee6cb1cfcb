/**
 * `carrel lock list`
 *
 * @module
 */
import { formatTable } from "../cli/table.ts";
import { listLocks } from "../engine/list_locks.ts";
import { command } from "./app.ts";

/** Lists what is held and who waits. */
export default command({
  summary: "List what is held of resources and locks, and who waits for it",
  description:
    "Tasks hold slots, ports and what run.resources says while their containers run; scripts hold what they acquire. " +
    "What is held by somebody who is gone counts for nothing once it is wanted.",
  examples: [{ line: "carrel lock list", note: "holders, then the queue" }],
  async run(app) {
    const data = await listLocks(await app.carrel());
    return { data, addresses: [...new Set(data.held.map(({ name }) => name))] };
  },
  text: ({ held, waiting }, look) =>
    held.length + waiting.length === 0 ? "nothing is held" : [
      formatTable(
        [
          { header: "RESOURCE" },
          { header: "AMOUNT", align: "right" },
          { header: "HOLDER" },
          { header: "STATE" },
          { header: "TOKEN", align: "right" },
          { header: "UNTIL" },
        ],
        held.map(({ name, amount, holder, state, token, expires_at }) => [
          name,
          String(amount),
          holder,
          state,
          String(token),
          expires_at ?? "",
        ]),
        look,
      ),
      ...(waiting.length === 0 ? [] : [
        formatTable(
          [{ header: "WAITING" }, { header: "FOR" }, { header: "SINCE" }],
          waiting.map(({ holder, wants, queued_at }) => [holder, wordAmounts(wants), queued_at]),
          look,
        ),
      ]),
    ].join("\n"),
});

function wordAmounts(amounts: Readonly<Record<string, number>>): string {
  return Object.entries(amounts).map(([name, amount]) => `${amount} ${name}`).join(", ");
}
