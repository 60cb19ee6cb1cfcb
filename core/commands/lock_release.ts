/**
 * `carrel lock release`
 *
 * @module
 */
import { releaseLock } from "../engine/named_locks.ts";
import { AppError } from "../error.ts";
import { wordMutation } from "./answer.ts";
import { holderFlag, lockArgument } from "./lock_arguments.ts";
import { mutation } from "./mutation.ts";

/** Lets go of a lock. */
export default mutation({
  summary: "Let go of a lock",
  description: "A lock that is not held any more is success, without a change.",
  examples: [{ line: "carrel lock release deploy --as ci-17", note: "the next in the queue gets it" }],
  positionals: [lockArgument],
  flags: {
    as: { ...holderFlag, summary: "who holds it; must be given" },
    token: {
      kind: "value",
      placeholder: "N",
      summary: "only the hold of this token; exit 5 when it was taken again since",
      parse: parseToken,
    },
  },
  async run(app, { args, flags, options }) {
    if (flags.as === undefined) {
      throw new AppError("usage", "--as is needed: nobody releases somebody else's lock by accident", {
        hint: "`carrel lock list` names the holders",
      });
    }
    const lock = {
      name: args.lock,
      holder: flags.as,
      ...(flags.token === undefined ? {} : { token: flags.token }),
    };
    const { op } = await releaseLock(await app.carrel(), lock, options);
    return { data: await op.answer(() => ({ name: lock.name, holder: lock.holder })) };
  },
  text: (data) =>
    wordMutation(
      data,
      ({ changed, name, holder }) => `${changed ? "released" : "not held:"} ${name} of ${holder}`,
    ),
});

function parseToken(text: string): number {
  const token = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(token)) return token;
  throw new AppError("invalid_value", `${JSON.stringify(text)} is not a token`, {
    hint: "write the number that `carrel lock acquire` has answered",
  });
}
