/**
 * Makes `dist/carrel`, one executable that needs neither Deno nor Node.
 *
 * Bundling first makes start-up cheaper than embedding the module graph. `DENO_COMPILE` names the
 * Deno that compiles (default: this one), `DENORT_BIN` the base that `deno compile` builds on
 * (default: the official one, which it downloads).
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";

const root = fromFileUrl(new URL("..", import.meta.url));
const bundle = join(root, "dist", "carrel.js");
const binary = join(root, "dist", "carrel");

await Deno.mkdir(join(root, "dist"), { recursive: true });
await run(Deno.execPath(), ["bundle", "--quiet", "--minify", "--output", bundle, join(root, "main.ts")]);
await run(Deno.env.get("DENO_COMPILE") ?? Deno.execPath(), [
  "compile",
  "--quiet",
  "--no-check",
  "--allow-all",
  "--output",
  binary,
  bundle,
]);
const { size } = await Deno.stat(binary);
await Deno.stdout.write(new TextEncoder().encode(`${binary} (${Math.round(size / 1e6)} MB)\n`));

async function run(program: string, args: string[]): Promise<void> {
  const { success, code } = await new Deno.Command(program, { args, cwd: root }).spawn().status;
  if (!success) Deno.exit(code);
}
