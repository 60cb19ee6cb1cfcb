/**
 * The law book of terminals: what `core/port/terminal.ts` promises, tried on the real one and on its twin.
 *
 * A law is a conversation: a scene of `terminal_scenes.ts` runs with the given input, and what it has said
 * is compared. So the real terminal can play its scenes in a process of its own.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { TerminalSignal } from "../../core/port/terminal.ts";
import type { SceneName } from "./terminal_scenes.ts";

/** A scene being played. */
export interface Play {
  /** Resolves when the scene has said `ready` on stderr. */
  readonly ready: Promise<void>;
  raise(signal: TerminalSignal): void;
  /** The reader of stdout goes away. */
  closeStdout(): Promise<void>;
  /** What was said, in the end. */
  readonly said: Promise<{ readonly stdout: string; readonly stderr: string }>;
}

/** Registers the laws as tests of one terminal; `play` starts a scene with this input. */
export function terminalSuite(name: string, play: (scene: SceneName, stdin: string) => Play): void {
  const law = (words: string, holds: () => Promise<void>) => Deno.test(`${name}: ${words}`, holds);

  law("the two outputs are told apart", async () => {
    assertEquals(await play("two-outputs", "").said, { stdout: "to stdout", stderr: "to stderr" });
  });

  law("a stream that is no terminal has no width", async () => {
    assertEquals((await play("widths", "").said).stdout, "false false false null null");
  });

  law("a long text is written whole, and texts written at once stay in order", async () => {
    const { stdout } = await play("long-texts", "").said;
    assertEquals(stdout.length, 600_000);
    assertEquals(stdout.replace(/(.)\1*/g, "$1"), "abc");
  });

  law("readLine gives lines without their ends, then null", async () => {
    const { stdout } = await play("lines", "one\ntwo\r\n\nlé").said;
    assertEquals(stdout, JSON.stringify(["one", "two", "", "lé", null, null]));
  });

  law("readLine of no input is null", async () => {
    assertEquals((await play("lines", "").said).stdout, "[null,null]");
  });

  law("readAll gives what readLine has left", async () => {
    assertEquals((await play("line-then-rest", "first\nrest\nof it").said).stdout, "first|rest\nof it");
  });

  law("readAll takes as many bytes as allowed, and refuses one more", async () => {
    assertEquals((await play("at-most-ten", "0123456789").said).stdout, "0123456789");
    assertEquals((await play("at-most-ten", "0123456789a").said).stdout, "invalid_value");
  });

  law("a listener hears its signal, and no longer once removed", async () => {
    const playing = play("first-of-two-signals", "");
    await playing.ready;
    playing.raise("SIGTERM");
    assertEquals((await playing.said).stdout, "kept heard SIGTERM");
  });

  law("writing to a reader that has gone is BrokenPipe", async () => {
    const playing = play("until-broken", "");
    await playing.ready;
    await playing.closeStdout();
    assertEquals((await playing.said).stderr, "ready\nBrokenPipe");
  });
}
