/**
 * Whether programs can be traced on this machine.
 *
 * @module
 */

/** Why none can be; null when they can. Tries it: many containers have strace and forbid ptrace. */
export async function whyNoStrace(): Promise<string | null> {
  try {
    const args = ["-f", "-o", "/dev/null", "true"];
    const { success, stderr } = await new Deno.Command("strace", { args }).output();
    if (success) return null;
    const [said = ""] = new TextDecoder().decode(stderr).split("\n");
    return `strace cannot trace here: ${said}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "strace is not installed (apt-get install -y strace)";
    throw error;
  }
}
