/**
 * Compiling the small programs that are measured beside carrel.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { compileProgram } from "../compile_program.ts";

/** Compiles `scripts/bench/<name>.ts` into a directory, as `scripts/compile.ts` does; the binary's path. */
export async function compileBenchProgram(name: string, directory: string): Promise<string> {
  const binary = join(directory, name);
  const code = await compileProgram(fromFileUrl(import.meta.resolve(`./${name}.ts`)), binary);
  if (code !== 0) throw new TypeError(`${name} could not be compiled (exit code ${code})`);
  return binary;
}
