/**
 * Which ids a user of an image has: `USER` and `--user` read as podman reads them.
 *
 * @module
 */
import { AppError } from "../../core/error.ts";

/** Ids inside the container. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

const NUMBER = /^\d+$/;

/**
 * True when {@linkcode resolveUser} needs the image's account files.
 *
 * @example
 * ```ts
 * import { needsAccounts } from "./container_user.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(["", "root", "0", "7:8", "7", "dev"].map(needsAccounts), [false, false, false, false, true, true]);
 * ```
 */
export function needsAccounts(user: string): boolean {
  return !isRoot(user) && !/^\d+:\d+$/.test(user);
}

/**
 * Ids of `name|uid[:group|gid]`; without a group, those of the account's own group, or 0 for a uid without
 * an account. `passwd` and `group` are the contents of the image's `/etc/passwd` and `/etc/group`, empty
 * where it has none. `invalid_value` for a name that they lack.
 *
 * @example
 * ```ts
 * import { resolveUser } from "./container_user.ts";
 * import { assertEquals } from "@std/assert";
 * const passwd = "dev:x:1234:2345:Dev:/home/dev:/bin/sh\n";
 * assertEquals(resolveUser("dev", passwd, ""), { uid: 1234, gid: 2345 });
 * ```
 */
export function resolveUser(user: string, passwd: string, group: string): UserIds {
  if (isRoot(user)) return { uid: 0, gid: 0 };
  const [name = "", groupName] = user.split(":", 2);
  const account = findAccount(passwd, name);
  const uid = NUMBER.test(name) ? Number(name) : account?.uid;
  if (uid === undefined) throw new AppError("invalid_value", `the image has no user ${name}`);
  if (groupName === undefined || groupName === "") return { uid, gid: account?.gid ?? 0 };
  const gid = NUMBER.test(groupName) ? Number(groupName) : findGroup(group, groupName);
  if (gid === undefined) throw new AppError("invalid_value", `the image has no group ${groupName}`);
  return { uid, gid };
}

function isRoot(user: string): boolean {
  return ["", "root", "0", "0:0", "root:root"].includes(user);
}

function findAccount(passwd: string, user: string): UserIds | undefined {
  const key = NUMBER.test(user) ? 2 : 0;
  const fields = passwd.split("\n").map((line) => line.split(":")).find((each) => each[key] === user);
  const [, , uid = "", gid = ""] = fields ?? [];
  return NUMBER.test(uid) && NUMBER.test(gid) ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

function findGroup(group: string, name: string): number | undefined {
  const fields = group.split("\n").map((line) => line.split(":")).find((each) => each[0] === name);
  const gid = fields?.[2] ?? "";
  return NUMBER.test(gid) ? Number(gid) : undefined;
}
