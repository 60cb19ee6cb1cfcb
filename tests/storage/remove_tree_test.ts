import { assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { removeTree } from "../../core/storage/remove_tree.ts";

const NOBODY = 65_534;

/** This machine for an ordinary user, which is nobody when root runs the tests. */
function newOrdinaryHost() {
  const { processes, system } = newDenoHost();
  if (system.uid !== 0) return { processes, system };
  const run: typeof processes.run = ({ argv, ...spec }) =>
    processes.run({ ...spec, argv: ["setpriv", `--reuid=${NOBODY}`, "--clear-groups", ...argv] });
  return { processes: { ...processes, run }, system: { ...system, uid: NOBODY } };
}

/** Runs a script as that user in a new directory of its own, which goes at the end. */
async function within(script: string, body: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "carrel-test-" });
  try {
    if (Deno.uid() === 0) await Deno.chown(dir, NOBODY, NOBODY);
    const { code, stderr } = await newOrdinaryHost().processes.run({
      argv: ["sh", "-c", `cd "$0" && ${script}`, dir],
      timeoutMs: 60_000,
    });
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    await body(dir);
  } finally {
    await new Deno.Command("chmod", { args: ["-R", "u+rwx", dir] }).output();
    await Deno.remove(dir, { recursive: true });
  }
}

async function modeOf(path: string): Promise<number> {
  return ((await Deno.lstat(path)).mode ?? 0) & 0o7777;
}

Deno.test("removeTree() removes what is in directories that their owner has closed", async () => {
  const script = `
    mkdir -p tree/mod/deep/er tree/dark/deep/er tree/blind && touch tree/mod/deep/er/f tree/dark/deep/er/f
    touch tree/blind/f && chmod -R a-w tree/mod && chmod 000 tree/dark/deep/er tree/dark/deep tree/dark
    chmod 300 tree/blind && chmod 555 tree`;
  await within(script, async (dir) => {
    await removeTree(newOrdinaryHost(), `${dir}/tree`);
    assertEquals(await Array.fromAsync(Deno.readDir(dir)), []);
  });
});

Deno.test("removeTree() changes the mode of nothing outside of the tree", async () => {
  const script = `
    mkdir -p out/dir tree/closed && touch out/dir/f out/f && ln out/f tree/closed/same
    ln -s ../../out/dir tree/closed/dir && ln -s ../../out/f tree/closed/f
    chmod 444 out/f out/dir/f && chmod 555 out/dir tree/closed`;
  await within(script, async (dir) => {
    await removeTree(newOrdinaryHost(), `${dir}/tree`);
    const modes = await Promise.all(
      ["out/f", "out/dir/f", "out/dir"].map((name) => modeOf(`${dir}/${name}`)),
    );
    assertEquals(modes, [0o444, 0o444, 0o555]);
  });
});

Deno.test("removeTree() follows no link, not even as the name that it is given", async () => {
  await within("mkdir -p out/dir && chmod 555 out/dir && ln -s out/dir link && chmod 555 .", async (dir) => {
    const error = await assertRejects(() => removeTree(newOrdinaryHost(), `${dir}/link`), AppError);
    assertEquals([error.code, await modeOf(`${dir}/out/dir`)], ["storage_failed", 0o555]);
  });
});
