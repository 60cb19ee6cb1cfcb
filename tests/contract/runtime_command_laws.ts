/**
 * The command in a container: how it starts, what it sees, its output, commands beside it.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import type { Runtime } from "../../core/port/runtime.ts";
import {
  assertCode,
  LONG_MS,
  readOutput,
  readOutputText,
  safety,
  started,
  startedCommand,
  statusOf,
  untilOutput,
} from "./runtime_bench.ts";
import { type ExecBehaviour, type Law } from "./runtime_bench.ts";

/** Registers the laws with `law`. */
export function commandLaws(law: Law): void {
  // starting fails

  for (
    const [words, command, exit] of [
      ["missing", "carrel-no-such-command", 127],
      ["not executable", "/etc/passwd", 126],
    ] as const
  ) {
    law(
      `start of a command that is ${words} is start_failed with ${exit}`,
      { commands: true },
      async (bench) => {
        const spec = bench.newSpec({ command: [command] });
        await bench.runtime.create(spec);
        const error = await assertCode("start_failed", () => bench.runtime.start(spec.name));
        assertEquals(error.exit, exit);
        const status = await statusOf(bench.runtime, spec.name);
        assertNotEquals(status.state, "running");
        assertEquals(status.exit, null);
      },
    );
  }

  // logs

  law("both streams come tagged and exact, while it runs and after its end", {}, async (bench) => {
    const stdout = "one\n\ntwo \t ü 東京\r\nno newline at the end";
    const stderr = "\u0000\u001b[31mred\n";
    const name = await started(bench, { stdout, stderr });
    assertEquals(await readOutputText(bench.runtime, name), { stdout, stderr });
    const after = await readOutput(bench.runtime, name, { follow: false });
    assertEquals(new TextDecoder().decode(after.stdout), stdout);
    assertEquals(new TextDecoder().decode(after.stderr), stderr);
  });

  law("log times are RFC 3339", {}, async (bench) => {
    const name = await started(bench, { stdout: "a\nb\n" });
    let count = 0;
    for await (const chunk of bench.runtime.logs(name, { follow: true, signal: safety() })) {
      assertMatch(chunk.time ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
      count++;
    }
    assert(count > 0);
  });

  law("every byte passes, also in lines longer than 16 KiB", { commands: true }, async (bench) => {
    const octal = Array.from({ length: 256 }, (_, byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
    const script = `printf '${octal}'; head -c 40000 /dev/zero | tr '\\000' x; printf '\\nend'; printf e >&2`;
    const name = await startedCommand(bench, ["sh", "-c", script]);
    const { stdout, stderr } = await readOutput(bench.runtime, name, { follow: true });
    const end = new TextEncoder().encode("\nend");
    assertEquals(stdout.length, 256 + 40_000 + end.length);
    assertEquals([...stdout.subarray(0, 256)], Array.from({ length: 256 }, (_, byte) => byte));
    assert(stdout.subarray(256, -end.length).every((byte) => byte === 0x78));
    assertEquals(stdout.subarray(-end.length), end);
    assertEquals(new TextDecoder().decode(stderr), "e");
  });

  law("logs without follow end while the container runs", {}, async (bench) => {
    const name = await started(bench, { stdout: "so far\n", durationMs: LONG_MS });
    assert(await untilOutput(bench.runtime, name, "so far"));
    const { stdout } = await readOutput(bench.runtime, name, { follow: false });
    assertEquals(new TextDecoder().decode(stdout), "so far\n");
  });

  law("logs of a container that never ran are empty", {}, async (bench) => {
    const spec = bench.behave(bench.newSpec(), {});
    await bench.runtime.create(spec);
    const { stdout, stderr } = await readOutput(bench.runtime, spec.name, { follow: false });
    assertEquals([stdout.length, stderr.length], [0, 0]);
  });

  law("logs of an absent container is container_absent", {}, async (bench) => {
    await assertCode(
      "container_absent",
      () => readOutput(bench.runtime, bench.newSpec().name, { follow: false }),
    );
  });

  // what the command sees

  law("environment values are exact", { commands: true }, async (bench) => {
    const env = {
      PLAIN: "plain",
      EMPTY: "",
      LINES: "one\n\ntwo\n",
      QUOTES: `it's "quoted" \`$HOME\` \\n`,
      EQUALS: "a=b=c",
      SPACES: "  lead and trail  ",
      WIDE: "grüße 東京 🦆",
    };
    const name = await startedCommand(bench, ["sh", "-c", `printf '%s|' ${quotedNames(env)}`], { env });
    const { stdout } = await readOutputText(bench.runtime, name);
    assertEquals(stdout, Object.values(env).map((value) => `${value}|`).join(""));
  });

  law("the command's arguments are exact", { commands: true }, async (bench) => {
    const words = ["", " ", "a b", "$HOME", "*", "it's", '"', "line\nbreak", "--", "-x", "ü 東京"];
    const name = await startedCommand(bench, ["sh", "-c", "printf '%s|' \"$@\"", "sh", ...words]);
    assertEquals(
      (await readOutputText(bench.runtime, name)).stdout,
      words.map((word) => `${word}|`).join(""),
    );
  });

  law("the command runs in the workdir", { commands: true }, async (bench) => {
    await bench.writeWorkspace("marker", "here");
    const name = await startedCommand(bench, ["cat", "marker"]);
    assertEquals((await readOutputText(bench.runtime, name)).stdout, "here");
  });

  law("what it writes appears in the workspace", {}, async (bench) => {
    const name = await started(bench, { files: { "made.txt": "by the task\n" } });
    await bench.runtime.wait(name, { signal: safety() });
    assertEquals(await bench.readWorkspace("made.txt"), "by the task\n");
  });

  law("the prelude runs first and executes the command", { commands: true }, async (bench) => {
    const name = await startedCommand(bench, ["sh", "-c", "printf 'after %s' \"$1\"; exit 3", "sh", "a b"], {
      prelude: ["sh", "-c", "printf 'before '; exec \"$@\"", "prelude"],
    });
    assertEquals((await bench.runtime.wait(name, { signal: safety() })).code, 3);
    assertEquals((await readOutputText(bench.runtime, name)).stdout, "before after a b");
  });

  law("the prelude may be a file of a mount", { commands: true }, async (bench) => {
    await bench.writeWorkspace("prelude.sh", "printf 'first '\nexec \"$@\"\n");
    const prelude = ["sh", "/workspace/prelude.sh"];
    const name = await startedCommand(bench, ["sh", "-c", "printf second"], { prelude });
    assertEquals((await readOutputText(bench.runtime, name)).stdout, "first second");
  });

  // exec and login

  law("exec gives the exact exit code and both streams", {}, async (bench) => {
    const exec: ExecBehaviour[] = [0, 3, 255].map((exitCode) => ({
      argv: ["sh", "-c", `printf out${exitCode}; printf err${exitCode} >&2; exit ${exitCode}`],
      exitCode,
      stdout: `out${exitCode}`,
      stderr: `err${exitCode}`,
    }));
    const name = await started(bench, { durationMs: LONG_MS, exec });
    for (const { argv, exitCode, stdout, stderr } of exec) {
      assertEquals(await execText(bench.runtime, name, argv), { code: exitCode, stdout, stderr });
    }
  });

  law("exec passes stdin bytes, environment and workdir", { commands: true }, async (bench) => {
    const name = await started(bench, { durationMs: LONG_MS });
    await bench.writeWorkspace("marker", "here");
    const script = 'cat marker; printf "|%s|" "$EXTRA"; cat';
    const found = await execText(bench.runtime, name, ["sh", "-c", script], {
      stdin: new TextEncoder().encode("a\u0000b\n"),
      env: { EXTRA: "x\ny=z" },
    });
    assertEquals(found, { code: 0, stdout: "here|x\ny=z|a\u0000b\n", stderr: "" });
    const inRoot = await execText(bench.runtime, name, ["pwd"], { workdir: "/" });
    assertEquals(inRoot.stdout, "/\n");
  });

  law("exec without stdin reads nothing", { commands: true }, async (bench) => {
    const name = await started(bench, { durationMs: LONG_MS });
    assertEquals(await execText(bench.runtime, name, ["cat"]), { code: 0, stdout: "", stderr: "" });
  });

  law("exec sees the container's environment", { commands: true }, async (bench) => {
    const name = await started(bench, { durationMs: LONG_MS }, { env: { GIVEN: "at create" } });
    const { stdout } = await execText(bench.runtime, name, ["sh", "-c", 'printf %s "$GIVEN"']);
    assertEquals(stdout, "at create");
  });

  law("exec of a missing command is 127", { commands: true }, async (bench) => {
    const name = await started(bench, { durationMs: LONG_MS });
    assertEquals((await execText(bench.runtime, name, ["carrel-no-such-command"])).code, 127);
  });

  law("exec and login need a running container", {}, async (bench) => {
    const spec = bench.behave(bench.newSpec(), {});
    await bench.runtime.create(spec);
    const absent = bench.newSpec().name;
    await assertCode("wrong_state", () => execText(bench.runtime, spec.name, ["true"]));
    await assertCode("wrong_state", () => bench.runtime.loginArgv(spec.name, ["sh"]));
    await assertCode("container_absent", () => execText(bench.runtime, absent, ["true"]));
    await assertCode("container_absent", () => bench.runtime.loginArgv(absent, ["sh"]));
  });

  law("login gives an argv for a running container", {}, async (bench) => {
    const name = await started(bench, { durationMs: LONG_MS });
    const argv = await bench.runtime.loginArgv(name, ["sh", "-c", "exit 5"]);
    assertNotEquals(argv[0], "");
    assertEquals(argv.slice(-3), ["sh", "-c", "exit 5"]);
  });
}

async function execText(
  runtime: Runtime,
  name: string,
  argv: readonly [string, ...string[]],
  options: { stdin?: Uint8Array; env?: Record<string, string>; workdir?: string } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const text = { stdout: "", stderr: "" };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const code = await runtime.exec(name, argv, {
    ...options,
    signal: safety(),
    onOutput: (stream, data) => {
      text[stream] += decoders[stream].decode(data, { stream: true });
    },
  });
  return { code, ...text };
}

/** `"$A" "$B"`... for a shell. */
function quotedNames(env: Record<string, string>): string {
  return Object.keys(env).map((name) => `"$${name}"`).join(" ");
}
