/**
 * The flags of scripts: `--name NUMBER`.
 *
 * @module
 */

/** The number after `--name`, else the default. Throws for anything but an integer from 1 up. */
export function numberFlag(name: string, otherwise: number, args: readonly string[] = Deno.args): number {
  const at = args.indexOf(`--${name}`);
  if (at < 0) return otherwise;
  const value = Number(args[at + 1]);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new TypeError(`--${name} takes an integer from 1 up`);
}
