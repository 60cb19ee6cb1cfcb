/**
 * Real file systems that are small enough to be filled.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Carrel } from "../../core/carrel.ts";
import { AppError } from "../../core/error.ts";
import { newDenoHost } from "../../core/host/deno_host.ts";

/** The bit of CAP_SYS_ADMIN, by which file systems are mounted. */
const CAP_SYS_ADMIN = 21n;

/** Files of others are made, and file systems mounted, by root alone, and not in every container. */
export const mayMount = Deno.uid() === 0 && hasCapability(CAP_SYS_ADMIN);

function hasCapability(bit: bigint): boolean {
  const hex = /^CapEff:\s*([0-9a-f]+)$/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1] ?? "0";
  return (BigInt(`0x${hex}`) >> bit & 1n) === 1n;
}

/** Mounts a file system in memory for as long as it is held. */
export async function mountTmpfs(dir: string, size: string): Promise<AsyncDisposable> {
  await Deno.mkdir(dir, { recursive: true });
  await call("mount", "-t", "tmpfs", "-o", `size=${size},mode=700`, "tmpfs", dir);
  return { [Symbol.asyncDispose]: () => call("umount", "-l", dir) };
}

/** Makes what {@linkcode mountTmpfs} has mounted read-only. */
export async function makeReadOnly(dir: string): Promise<void> {
  await call("mount", "-o", "remount,ro", dir);
}

async function call(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args }).output();
  assert(success, new TextDecoder().decode(stderr));
}

/** Runs a verb while the disk at `dir` has so much room; false when it said that there is too little. */
export async function attemptWithRoom(
  open: () => Promise<Carrel>,
  verb: (carrel: Carrel) => Promise<unknown>,
  dir: string,
  room: number,
): Promise<boolean> {
  await using carrel = await open();
  await using _filler = await fillDisk(dir, room);
  try {
    await verb(carrel);
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    assertEquals(error.exit, 10, `${error.code}: ${error.message}`);
    return false;
  }
}

/** Takes what is free, but for so many bytes, for as long as it is held. */
export async function fillDisk(dir: string, leaving: number): Promise<AsyncDisposable> {
  const filler = join(dir, "filler");
  const free = await newDenoHost().files.freeBytes(dir);
  await Deno.writeFile(filler, new Uint8Array(Math.max(0, free - leaving)));
  return { [Symbol.asyncDispose]: () => Deno.remove(filler) };
}
