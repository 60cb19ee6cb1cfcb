/**
 * One attempt: the command is struck at one point, and everything that was promised is looked for.
 *
 * @module
 */
import { maskDrawn, sightOf } from "./sight.ts";
import type { Place } from "./place.ts";
import type { Ran } from "./run_bounded.ts";
import { answerOf, errorCodeOf, type Scene } from "./scene.ts";
import { BYSTANDER, isInNewRoot } from "./verbs.ts";
import { ageFile, leftoversIn } from "./leftovers.ts";
import { lookAround, type World } from "./world.ts";
import { workOf } from "./sight.ts";

/** What the command does when nothing strikes it. */
export interface Undisturbed {
  readonly code: number;
  /** The world before. */
  readonly before: World;
  /** The world after, as `sightOf` writes it. */
  readonly sight: readonly string[];
  /** The doctor has then nothing to complain of. */
  readonly isSound: boolean;
}

/** What is checked after a command was struck. */
export interface Aftermath {
  /** What was promised and does not hold, as sentences. */
  readonly violations: readonly string[];
  /** Files that nobody named or removed. */
  readonly leftovers: readonly string[];
}

const MASKED_ANSWER_KEYS = ["replayed"];
/** Some items failed. */
const PARTIAL = 11;
/** Statuses of `core/error.ts` that tell what went wrong; 70 is a bug. */
const CLEAR_EXITS: readonly number[] = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 125];

/** Checks everything after a kill: nothing is lost, and the same request converges. */
export async function afterKill(scene: Scene, expected: Undisturbed): Promise<Aftermath> {
  const violations = await checkKept(scene, expected);
  const again = await scene.place.carrel(scene.words);
  if (again.code !== expected.code) {
    return await settle(scene, [...violations, `asked again: ${word(again)}`]);
  }
  violations.push(...await checkReplay(scene, again));
  violations.push(...await checkConverged(scene, expected));
  return await settle(scene, violations);
}

/** Checks everything after the power was lost: as after a kill, and what was answered is there. */
export async function afterPowerLoss(
  scene: Scene,
  expected: Undisturbed,
  { isAnswered }: { readonly isAnswered: boolean },
): Promise<Aftermath> {
  const broken = isAnswered
    ? [...await checkConverged(scene, expected), ...await checkSound(scene, expected)]
    : [];
  const { violations, leftovers } = await afterKill(scene, expected);
  return { violations: [...broken.map((what) => `it was answered, and ${what}`), ...violations], leftovers };
}

/**
 * Checks everything after a call failed: the error is clear, nothing is lost, the next command works.
 * When the engine has lost its containers (`isLost`), the next command may say so; what was done in another way, as
 * its warning says, need not come to the same.
 */
export async function afterError(
  scene: Scene,
  expected: Undisturbed,
  struck: Ran,
  { isLost = false } = {},
): Promise<Aftermath> {
  const violations = [...checkClear(struck, expected), ...await checkKept(scene, expected)];
  const { otherWay } = scene.verb;
  const isOther = otherWay !== undefined && struck.code === expected.code && struck.stderr.includes(otherWay);
  if (isLost || isOther) return await settle(scene, violations);
  const same = await scene.place.carrel(scene.words);
  let again = same;
  // It is done but for what the warnings name.
  if (same.code === PARTIAL) return await settle(scene, violations);
  // A failure that is final stays the answer of its key.
  if (again.code !== expected.code) again = await scene.place.carrel(scene.otherWords);
  // `already_ran`: it had come so far that another command has to go on from there, as the hint says.
  if (errorCodeOf(again) === "already_ran") return await settle(scene, violations);
  if (again.code !== expected.code) {
    violations.push(`${word(struck)}; the same again: ${word(same)}; the next: ${word(again)}`);
  } else {
    // What a run that failed had made by then is recorded, and may stay beside what the next one makes.
    const mayHaveMore = struck.code !== expected.code;
    violations.push(...await checkConverged(scene, expected, { mayHaveMore }));
  }
  return await settle(scene, violations);
}

/** What was there before and is not about to be removed is there, whole. */
async function checkKept(scene: Scene, { before }: Undisturbed): Promise<string[]> {
  const ids = scene.tasks.map(({ id }) => id);
  const world = await lookAround(scene.place, { ids });
  const violations = [...world.problems];
  const keeper = before.tasks.find(({ name }) => name === BYSTANDER);
  const isKept = keeper !== undefined && world.tasks.some(({ text }) => text === keeper.text);
  if (!isKept && !isInNewRoot(scene.verb)) {
    violations.push(`the bystander is not as it was: ${world.tasks.map(({ text }) => text).join(" ")}`);
  }
  const lost = await findLost(scene, world);
  // A deletion or a restore has a moment in which a task is listed and its files are the archive's.
  if (lost.length === 0 || world.archives.length > 0) return [...violations, ...lost];
  return [...violations, ...await findLost(scene, await lookAround(scene.place))];
}

async function findLost({ tasks, verb }: Scene, world: World): Promise<string[]> {
  const lost: string[] = [];
  for (const { id, name } of tasks.filter((task) => verb.removes?.includes(task.name) !== true)) {
    const found = [...world.tasks, ...world.archives].filter((each) => each.id === id);
    const works = await Promise.all(found.map(workOf));
    if (found.length === 0) lost.push(`the task ${name} is lost`);
    else if (!works.includes(`the work of ${name}\n`)) lost.push(`the work of ${name} is lost`);
  }
  return lost;
}

/** What a removal that was not flushed has left is named, and that is all it needs: nobody looks there. */
async function checkSound({ place }: Scene, { isSound }: Undisturbed): Promise<string[]> {
  const found = await place.carrel(["doctor", "--json"]);
  if (!isSound || found.code === 0) return [];
  const findings = answerOf(found)?.["findings"];
  const isLeftover = (finding: unknown) =>
    typeof finding === "object" && finding !== null && "code" in finding && finding.code === "leftover";
  const isSettled = Array.isArray(findings) && findings.length > 0 && findings.every(isLeftover);
  return isSettled ? [] : [`the doctor finds ${word(found)}`];
}

async function checkReplay(scene: Scene, first: Ran): Promise<string[]> {
  const second = await scene.place.carrel(scene.words);
  const [one, two] = [first, second].map((ran) => ({ code: ran.code, ...plain(answerOf(ran)) }));
  const isSame = JSON.stringify(one) === JSON.stringify(two);
  return isSame ? [] : [`one key, two answers: ${word(first)} and ${word(second)}`];
}

async function checkConverged(
  { place, looks }: Scene,
  { sight }: Undisturbed,
  { mayHaveMore = false } = {},
): Promise<string[]> {
  const look = async () => {
    const world = await lookAround(place, { lines: looks });
    const seen = await sightOf(place, world);
    const missing = sight.filter((line) => !seen.includes(line));
    const excess = seen.filter((line, at) => !sight.includes(line) || seen.indexOf(line) !== at);
    const isSame = missing.length === 0 && (mayHaveMore || excess.length === 0);
    return { isSame, problems: world.problems, missing, excess };
  };
  let found = await look();
  // Whoever sees a container's end first records it: that may be this very look.
  if (!found.isSame) found = await look();
  if (found.isSame) return [...found.problems];
  const line = (kind: string, lines: readonly string[]) => lines.map((each) => `${kind} in the end: ${each}`);
  return [...found.problems, ...line("missing", found.missing), ...line("too much", found.excess)];
}

function checkClear(struck: Ran, { code }: Undisturbed): string[] {
  if (struck.timedOut) return ["the command hangs"];
  if (struck.code === code) return [];
  const isNamed = errorCodeOf(struck) !== null;
  return CLEAR_EXITS.includes(struck.code) && isNamed ? [] : [`no clear error: ${word(struck)}`];
}

/** Has everything put right, which must leave nothing to complain of, and looks at what is left. */
async function settle({ place }: Scene, violations: readonly string[]): Promise<Aftermath> {
  const fixed = await place.carrel(["doctor", "--fix", "--json"]);
  const complaints = fixed.code === 0 ? [] : [`doctor is not content: ${word(fixed)}`];
  return { violations: [...violations, ...complaints], leftovers: await findLeftovers(place) };
}

/** Files on the way that nobody names: `storage prune` has a day's patience with what may still be in use. */
async function findLeftovers(place: Place): Promise<string[]> {
  const left = leftoversIn(place.root);
  if (left.length === 0) return left;
  for (const path of left) await ageFile(path);
  await place.carrel(["storage", "prune", "--json"]);
  return leftoversIn(place.root);
}

function plain(answer: Readonly<Record<string, unknown>> | null): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answer ?? {}).filter(([key]) => !MASKED_ANSWER_KEYS.includes(key)),
  );
}

function word({ code, stdout, stderr, timedOut }: Ran): string {
  const said = maskDrawn(`${stdout}${stderr}`.trim().slice(0, 900), []);
  return `exit ${code}${timedOut ? " (too slow)" : ""}: ${said}`;
}
