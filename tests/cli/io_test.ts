import { assertEquals, assertRejects } from "@std/assert";
import { newIo } from "../../core/cli/io.ts";
import { AppError } from "../../core/error.ts";
import { type MemoryTerminalOptions, newMemoryTerminal } from "../../core/host/memory_terminal.ts";
import { InvariantError } from "../../core/invariant.ts";
import { BrokenPipe, type Output, type Terminal } from "../../core/port/terminal.ts";

const SETTINGS = { json: false, quiet: false, noInput: false };
const NO_ENV = { get: () => undefined };

function open(options: MemoryTerminalOptions, settings: Partial<typeof SETTINGS> = {}) {
  const terminal = newMemoryTerminal(options);
  return { io: newIo(terminal, NO_ENV, { ...SETTINGS, ...settings }), terminal };
}

Deno.test("newIo() writes in the order of the calls, awaited or not, across both streams", async () => {
  const order: string[] = [];
  const waiting: (() => void)[] = [];
  const slow: Output = {
    isTerminal: false,
    columns: null,
    async write(data) {
      await new Promise<void>((resolve) => waiting.push(resolve));
      order.push(`out ${data}`);
    },
  };
  const fast: Output = { ...slow, write: (data) => Promise.resolve(void order.push(`err ${data}`)) };
  const terminal: Terminal = { ...newMemoryTerminal(), stdout: slow, stderr: fast };
  const io = newIo(terminal, NO_ENV, SETTINGS);
  const first = io.writeOut("1");
  io.warn("2");
  const third = io.writeErr("3");
  while (waiting.length === 0) await Promise.resolve();
  assertEquals(order, []);
  waiting.shift()?.();
  await Promise.all([first, third, io.flush()]);
  assertEquals(order, ["out 1", "err warning: 2\n", "err 3"]);
});

Deno.test("newIo() tells a writer to stdout that its reader is gone, and goes on", async () => {
  const { io, terminal } = open({});
  terminal.closeStdout();
  await assertRejects(() => io.writeOut("x"), BrokenPipe);
  await io.writeErr("still here");
  assertEquals(terminal.stderrText(), "still here");
});

Deno.test("newIo() goes on when nobody reads stderr", async () => {
  const terminal = newMemoryTerminal();
  const gone: Output = { ...terminal.stderr, write: () => Promise.reject(new BrokenPipe("gone")) };
  const io = newIo({ ...terminal, stderr: gone }, NO_ENV, SETTINGS);
  io.warn("unheard");
  await io.writeErr("unheard");
  await io.print("heard");
  assertEquals(terminal.stdoutText(), "heard");
});

Deno.test("newIo() keeps raw output and text apart from JSON", async () => {
  const json = open({}, { json: true });
  for (const write of [json.io.writeOut, json.io.writeErr, json.io.print]) {
    await assertRejects(() => write("x"), InvariantError);
  }
  await json.io.emit({ type: "log", data: "\x9b2J" });
  assertEquals(json.terminal.stdoutText(), '{"type":"log","data":"\\u009b2J"}\n');
  await assertRejects(() => open({}).io.emit({}), InvariantError);
});

Deno.test("readStdin() reads a terminal unless input is forbidden", async () => {
  const typed = { isTerminal: true, stdin: "one\ntwo" };
  assertEquals(new TextDecoder().decode(await open(typed).io.readStdin(100)), "one\ntwo");
  const error = await assertRejects(() => open(typed, { noInput: true }).io.readStdin(100), AppError);
  assertEquals(error.code, "input_required");
  assertEquals(await open({}, { noInput: true }).io.readStdin(100), new Uint8Array());
});

Deno.test("status() is one line that is replaced and taken away, cut to the terminal", async () => {
  const { io, terminal } = open({ isTerminal: true, columns: 10 });
  io.status("");
  io.status("long words that do not fit");
  io.status("\x1b[2Jx");
  io.status("");
  io.warn("now");
  await io.flush();
  const cut = "long wor…";
  assertEquals(
    terminal.stderrText(),
    `\r${cut}\r\\x1b[2Jx \r${" ".repeat(8)}\r\x1b[33mwarning:\x1b[39m now\n`,
  );
});

Deno.test("status() is for a person who looks", async () => {
  const terminals = [
    open({}),
    open({ isTerminal: true }, { json: true }),
    open({ isTerminal: true }, { quiet: true }),
  ];
  for (const { io, terminal } of terminals) {
    io.status("words");
    await io.flush();
    assertEquals(terminal.stderrText(), "");
  }
  const dumb = newMemoryTerminal({ isTerminal: true });
  const io = newIo(dumb, { get: (name) => name === "TERM" ? "dumb" : undefined }, SETTINGS);
  io.status("words");
  await io.flush();
  assertEquals(dumb.stderrText(), "");
});

async function* pagesOf<Item>(...pages: readonly Item[][]): AsyncGenerator<Item[]> {
  for (const page of pages) yield await Promise.resolve(page);
}

Deno.test("printList() words each page, or makes one array of all", async () => {
  const word = (page: readonly number[]) => page.map((item) => `no. ${item}\n`).join("");
  const pages = () => pagesOf([1, 2], [], [3]);
  const text = open({});
  await text.io.printList(pages(), word);
  assertEquals(text.terminal.stdoutText(), "no. 1\nno. 2\nno. 3\n");
  const json = open({}, { json: true });
  await json.io.printList(pages(), word);
  assertEquals(json.terminal.stdoutText(), "[1,2,3]\n");
  const empty = open({}, { json: true });
  await empty.io.printList(pagesOf<number>(), word);
  assertEquals(empty.terminal.stdoutText(), "[]\n");
});

Deno.test("printList() makes what it prints harmless", async () => {
  const text = open({});
  await text.io.printList(pagesOf(["\x1b[31m"]), (page) => page.join(""));
  assertEquals(text.terminal.stdoutText(), "\\x1b[31m");
  const json = open({}, { json: true });
  await json.io.printList(pagesOf(["\x1b\u202e"]), () => "");
  assertEquals(json.terminal.stdoutText(), '["\\u001b\\u202e"]\n');
});

Deno.test("printList() closes the array when the pages break off, and then says why", async () => {
  async function* broken(): AsyncGenerator<number[]> {
    yield await Promise.resolve([1]);
    throw new AppError("storage_failed", "the disk is gone");
  }
  const { io, terminal } = open({}, { json: true });
  await assertRejects(() => io.printList(broken(), () => ""), AppError, "the disk is gone");
  assertEquals(terminal.stdoutText(), "[1]\n");
});

Deno.test("printList() stops when its reader is gone", async () => {
  const { io, terminal } = open({}, { json: true });
  let asked = 0;
  async function* endless(): AsyncGenerator<number[]> {
    for (;;) {
      if (++asked === 3) terminal.closeStdout();
      yield await Promise.resolve([asked]);
    }
  }
  await assertRejects(() => io.printList(endless(), () => ""), BrokenPipe);
  assertEquals(asked, 3);
});
