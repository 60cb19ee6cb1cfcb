/**
 * `carrel lock acquire`
 *
 * @module
 */
import { acquireLock } from "../engine/named_locks.ts";
import { AppError } from "../error.ts";
import { wordMutation } from "./answer.ts";
import { waitFlags, waitOptions } from "./arguments.ts";
import { amountFlag, holderFlag, lockArgument, ttlFlag } from "./lock_arguments.ts";
import { mutation } from "./mutation.ts";

/** Takes a lock for a time. */
export default mutation({
  summary: "Take a lock, or an amount of a limited resource, for a time",
  description:
    "The answer names the holder, which releases it, and a token that is greater than that of every earlier hold: " +
    "whoever is shown both can turn away one whose time was up. Taking it again as the same holder renews it.",
  examples: [
    { line: "carrel lock acquire deploy --ttl 10m --as ci-17", note: "exit 12 when somebody has it" },
    { line: "carrel lock acquire gpu --amount 2 --ttl 1h --wait", note: "queues for two GPUs" },
    { line: "carrel lock acquire deploy --ttl 10m -q", note: "prints the holder, for the release" },
  ],
  positionals: [lockArgument],
  flags: {
    ttl: ttlFlag,
    as: { ...holderFlag, summary: "who holds it; default: a new UUID" },
    amount: amountFlag,
    ...waitFlags,
  },
  async run(app, { args, flags, options }) {
    if (flags.ttl === undefined) {
      throw new AppError("usage", "--ttl is needed: a lock that nobody renews must end", {
        hint: "give a time such as --ttl 10m, or hold it for a command with `carrel lock run`",
      });
    }
    const request = {
      name: args.lock,
      amount: flags.amount,
      ttlMs: 1000 * flags.ttl,
      ...(flags.as === undefined ? {} : { holder: flags.as }),
      ...waitOptions(app.terminal, flags),
    };
    const { op, name, amount, holder, token, expires_at } = await acquireLock(
      await app.carrel(),
      request,
      options,
    );
    const data = await op.answer(() => ({ name, amount, holder, token, expires_at }));
    // Who was given no name needs the one that was made up; a dry run's is nobody's.
    return { data, addresses: op.dryRun ? [] : [holder] };
  },
  text: (data) =>
    wordMutation(
      data,
      ({ name, holder, token, expires_at }) =>
        `holding ${name} as ${holder} until ${expires_at} (token ${token})`,
    ),
});
