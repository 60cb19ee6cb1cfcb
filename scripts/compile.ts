/**
 * Makes `dist/carrel`.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { compileProgram } from "./compile_program.ts";

const root = fromFileUrl(new URL("..", import.meta.url));
const binary = join(root, "dist", "carrel");

await Deno.mkdir(join(root, "dist"), { recursive: true });
const code = await compileProgram(join(root, "main.ts"), binary);
if (code !== 0) Deno.exit(code);
const { size } = await Deno.stat(binary);
await Deno.stdout.write(new TextEncoder().encode(`${binary} (${Math.round(size / 1e6)} MB)\n`));
