/**
 * A project on real podman in which one command is about to be run.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import type { KilledLine, Words } from "./killed_lines.ts";
import type { Injection, Place, TracedRun } from "./place.ts";
import type { Ran, RunOptions } from "./run_bounded.ts";
import { answerOf } from "./scene.ts";
import { maskDrawn } from "./sight.ts";
import { lookAround } from "./world.ts";

/** The same in each attempt, as points are told apart by paths; containers differ by the ids of their tasks. */
const PROJECT = "demo";

/** One such project. Its containers are removed with it. */
export class PodmanScene implements AsyncDisposable {
  readonly #place: Place;
  #task = "";
  #words: readonly string[] = [];

  private constructor(place: Place) {
    this.#place = place;
  }

  /** Prepares it in a place that is cleared first. */
  static async prepare(place: Place, line: KilledLine, image: string): Promise<PodmanScene> {
    await place.clear();
    const file = join(place.config, "projects", PROJECT, "project.yml");
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, `run:\n  runtime: podman\n  image: ${image}\n  network: none\n`);
    const scene = new PodmanScene(place);
    for (const words of line.before) await scene.#prepareBy(words);
    const [...words] = line.words(PROJECT, scene.#task);
    const at = words.includes("--") ? words.indexOf("--") : words.length;
    scene.#words = words.toSpliced(at, 0, "--idempotency-key", "the one", "--json");
    return scene;
  }

  /** Makes the request; it can be made again. */
  async request(options: Pick<RunOptions, "killAfterMs"> = {}): Promise<Ran> {
    return await this.#place.carrel(this.#words, options);
  }

  /** Makes the request under strace, which lets go of podman and of all that carrel starts. */
  async tracedRequest(injection?: Injection): Promise<TracedRun> {
    return await this.#place.traced(this.#words, injection);
  }

  /** Makes the same request until it must be done, and has the doctor look; what does not hold, as sentences. */
  async converge(): Promise<string[]> {
    const problems: string[] = [];
    const answers: string[] = [];
    for (let time = 0; time < 2; time++) {
      const ran = await this.request();
      if (ran.code !== 0) problems.push(`asked again it exits ${ran.code}: ${ran.stderr.trim()}`);
      answers.push(JSON.stringify({ ...answerOf(ran), replayed: true }));
    }
    if (answers[0] !== answers[1]) problems.push(`one key, two answers: ${answers.join(" and ")}`);
    for (const words of [["doctor", "--fix", "--json"], ["doctor", "--json"]]) {
      const { code, stdout, stderr } = await this.#place.carrel(words);
      if (code !== 0) problems.push(`\`${words.join(" ")}\` exits ${code}: ${stdout}${stderr}`);
    }
    return problems;
  }

  /** Tasks, archives and containers, as lines that two runs with the same outcome have in common. */
  async look(): Promise<string[]> {
    const { tasks, archives, problems } = await lookAround(this.#place);
    const mask = (text: string) => maskDrawn(text, [...tasks, ...archives]);
    return [
      ...problems,
      ...tasks.map(({ text }) => `task ${mask(text)}`),
      ...archives.map(({ text }) => `archive ${mask(text)}`),
      ...(await this.#containers("{{.Names}} {{.State}}")).map((line) => {
        // Behind the first word it tells since when.
        const [name = "", state = ""] = line.split(" ");
        return `container ${mask(name)} ${state}`;
      }),
    ].sort();
  }

  /** Removes its containers. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ids = await this.#containers("{{.ID}}");
    if (ids.length > 0) await this.#place.tool("podman", "rm", "--force", "--time", "0", ...ids);
  }

  async #prepareBy(words: Words): Promise<void> {
    const { code, stderr } = await this.#place.carrel(words(PROJECT, this.#task));
    if (code !== 0) throw new Deno.errors.InvalidData(stderr);
    const { tasks } = await lookAround(this.#place);
    const [task] = tasks;
    if (task !== undefined) this.#task = `${task.project}/${task.id}`;
  }

  async #containers(format: string): Promise<string[]> {
    const label = `label=carrel.root=${this.#place.root}`;
    const listed = await this.#place.tool("podman", "ps", "--all", "--filter", label, "--format", format);
    return listed.split("\n").filter((line) => line !== "");
  }
}
