/**
 * Schemas of single settings that need more than a building block.
 *
 * @module
 */
import * as z from "zod/mini";
import { AppError } from "../error.ts";
import { AGENT_NAME } from "../identity/agent_name.ts";
import { parseSize } from "./parse_size.ts";
import { anyText, closed, line, matching, type Parsed, parsed, whole, word } from "./value_rules.ts";

/** A list of words, or a line for the shell. */
export const command = parsed(
  z.union([anyText, z.array(anyText).check(z.minLength(1))], {
    error: "must be a list of words, or one text for sh -c",
  }),
  (given): readonly string[] => typeof given === "string" ? ["sh", "-c", given] : given,
);

/** A TCP port. */
export const port: z.ZodMiniNumberFormat = whole(1, 65_535, "a port number from 1 to 65535");

/** A runtime of carrel's, which is not what podman calls a runtime. */
export const runtimeName: Parsed<z.ZodMiniString, string> = parsed(
  matching(/^[a-z][a-z0-9_-]*$/, "the name of a runtime"),
  (name) => {
    if (name !== "crun" && name !== "krun") return name;
    throw new AppError("invalid_value", `${name} is a runtime of podman's, not of carrel's`, {
      hint: `write run.runtime: podman and run.podman_args: [--runtime=${name}]`,
    });
  },
);

/** A branch, by the rules of git-check-ref-format(1) that keep it from meaning something else. */
export const branchName: Parsed<z.ZodMiniString, string> = parsed(word("the name of a branch"), (name) => {
  if (!/\.\.|[~^:?*[\\]|@\{|\/\/|^\/|\/$|\.lock$|\.$/.test(name)) return name;
  throw new AppError("invalid_value", `${JSON.stringify(name)} is not a branch name`);
});

/** Variables and their values; null stands for the value in carrel's own environment. */
export const variables = parsed(
  z.record(
    z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/)),
    z.union([anyText, z.number(), z.boolean(), z.null()], {
      error: "must be text, a number, a boolean or null",
    }),
    {
      error: (issue) =>
        issue.code === "invalid_key"
          ? "is not the name of a variable (letters, digits, underscores)"
          : "must be a map of variables to values",
    },
  ),
  (given): Readonly<Record<string, string | null>> =>
    Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value === null ? null : String(value)]),
    ),
);

/** One word category or several. Whether they exist is known to the generator of names alone. */
export const categories = parsed(
  z.union([line, z.array(line)], { error: "must be a category or a list of categories" }),
  (given): readonly string[] => [given].flat().map((name) => name.trim()),
);

/** What is known of each agent. */
export const agents = z.record(
  z.string().check(z.regex(AGENT_NAME)),
  closed({ label: z.optional(line) }),
  {
    error: (issue) =>
      issue.code === "invalid_key" ? "is not the name of an agent" : "must be a map of agents",
  },
);

/** A memory size in podman's `<number>[<unit>]`. */
export const memory = parsed(
  z.union([z.string(), z.number()], { error: "must be a size such as 512m or 4g" }),
  (given) => {
    const text = String(given).trim();
    if (/^\d+(?:\.\d+)?(?:b|[kmgtp](?:i?b)?)?$/i.test(text)) return text;
    throw new AppError("invalid_value", `${JSON.stringify(given)} is not a size such as 512m or 4g`);
  },
);

/** A number of CPUs, a decimal that is passed on as it was written. */
export const cpus = parsed(
  z.union([z.string(), z.number()], { error: "must be a number of CPUs such as 2 or 1.5" }),
  (given) => {
    const text = String(given).trim();
    if (/^\d+(?:\.\d+)?$/.test(text) && Number(text) > 0) return text;
    throw new AppError("invalid_value", `${JSON.stringify(given)} is not a number of CPUs such as 2 or 1.5`);
  },
);

/** Names of what there is only so much of. */
export const RESOURCE_NAME: RegExp = /^[a-z][a-z0-9_-]*$/;

/** Amounts by resource: a number, or a size in bytes such as 4g. */
export const amounts = parsed(
  z.record(
    z.string().check(z.regex(RESOURCE_NAME)),
    z.union([z.number().check(z.gte(0)), z.string()], {
      error: "must be a number from 0 up, or a size such as 4g",
    }),
    {
      error: (issue) =>
        issue.code === "invalid_key"
          ? "is not the name of a resource"
          : "must be a map of resources to amounts",
    },
  ),
  (given): Readonly<Record<string, number>> =>
    Object.fromEntries(
      Object.entries(given).map((
        [name, amount],
      ) => [name, typeof amount === "number" ? amount : parseSize(amount)]),
    ),
);

/** A number of processes; -1 for no limit. */
export const pids = parsed(
  whole(-1, 2 ** 31 - 1, "a whole number of processes, or -1 for no limit"),
  (given) => {
    if (given !== 0) return given;
    throw new AppError("invalid_value", "must not be 0; -1 means no limit");
  },
);
