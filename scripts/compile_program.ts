/**
 * Making one executable that needs neither Deno nor Node.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

/**
 * Room for new objects, MB for each half: with V8's own 16 a long list takes 150 MB, with 4 it takes 110 and no longer.
 */
const V8_FLAGS = "--max-semi-space-size=4";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/**
 * Bundles and compiles a program. Bundling first makes start-up cheaper than embedding the module graph.
 *
 * `DENO_COMPILE` names the Deno that compiles (default: this one), `DENORT_BIN` the base that `deno compile`
 * builds on (default: the official one, which it downloads).
 *
 * @param entry the program's file
 * @param binary where to put it; the bundle is put beside it
 * @returns 0, or the exit code of what failed
 */
export async function compileProgram(entry: string, binary: string): Promise<number> {
  const bundle = `${binary}.js`;
  const bundled = await run(Deno.execPath(), ["bundle", "--quiet", "--minify", "--output", bundle, entry]);
  if (bundled !== 0) return bundled;
  const options = ["--quiet", "--no-check", "--allow-all", `--v8-flags=${V8_FLAGS}`, "--output", binary];
  return await run(Deno.env.get("DENO_COMPILE") ?? Deno.execPath(), ["compile", ...options, bundle]);
}

async function run(program: string, args: readonly string[]): Promise<number> {
  return (await new Deno.Command(program, { args: [...args], cwd: ROOT }).spawn().status).code;
}
