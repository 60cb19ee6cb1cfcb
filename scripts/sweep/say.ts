/**
 * A line on stdout.
 *
 * @module
 */

/** Writes it. */
export async function say(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
}
