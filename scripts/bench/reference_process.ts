/**
 * The reference's access pattern in a process of its own, which measures itself.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { startLineProcess } from "../../tests/support/line_process.ts";

/** The script. */
export const REFERENCE_SCRIPT: string = fromFileUrl(import.meta.resolve("./reference_pattern.py"));

/** A running one. */
export interface ReferenceProcess extends AsyncDisposable {
  /** Microseconds that a call of this operation takes, as the mean of the calls with the keys from 0. */
  measure(operation: string, calls: number): Promise<number>;
}

/** Starts it on a new file. */
export function startReference(path: string): ReferenceProcess {
  const child = startLineProcess("python3", [REFERENCE_SCRIPT, path]);
  return {
    measure: async (operation, calls) => {
      await child.send({ op: operation, calls });
      const seconds = await child.next();
      if (typeof seconds !== "number") throw new TypeError(`${REFERENCE_SCRIPT} does not know ${operation}`);
      return seconds * 1e6 / calls;
    },
    [Symbol.asyncDispose]: () => child.end(),
  };
}

/** Which Python and SQLite it runs on; null when there is no python3 here. */
export async function describeReference(): Promise<string | null> {
  const code =
    "import platform, sqlite3; print(f'Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}')";
  try {
    const { success, stdout } = await new Deno.Command("python3", { args: ["-c", code], stderr: "null" })
      .output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
