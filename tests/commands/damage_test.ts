/**
 * Every file that carrel reads, damaged in every way that a disk or a loss of power damages files: what is damaged is
 * named, the rest is there, and whoever only looks leaves the file as it is.
 *
 * A changed letter inside a value, or a last line that is missing, is nothing that a program can see; it must do no
 * other harm.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { ERROR_CODES } from "../../core/error.ts";
import { CONFIG, projectFile, recordsDir } from "../support/program.ts";
import { damagesOf } from "../support/damages.ts";
import { errorOf, type Item } from "./output.ts";
import { changes, newScene, type Scene } from "./scene.ts";

const EXITS: readonly number[] = [0, 1, ...Object.values(ERROR_CODES).map(({ exit }) => exit)]
  .filter((exit) => exit !== ERROR_CODES.bug.exit);

/** Lists that must show what is sound, and nothing must hide anything. */
const LISTS = ["task list", "archive list", "escalation list --all", "project list"] as const;

/** Looks at single things. */
const LOOKS = [
  "task status demo/{done}",
  "task status demo/{idle}",
  "task logs demo/{done}",
  "task wait demo/{done}",
  "archive show demo/{gone}",
  "archive logs demo/{gone}",
  "escalation show demo/{done}",
  "project show demo",
  "storage usage",
  "config validate",
  "config explain run.runtime --project demo",
  "cache status",
  "retry show demo/{done}",
];

/** The files, and how many rows of each list are about each. */
const FILES: readonly {
  readonly name: string;
  readonly path: (scene: Scene) => string;
  readonly about: Partial<Readonly<Record<typeof LISTS[number], number>>>;
}[] = [
  {
    name: "dossier",
    path: ({ ids }) => `${recordsDir("demo")}/${ids.done}_dossier.json`,
    about: { "task list": 1, "escalation list --all": 1 },
  },
  {
    name: "bookkeeping",
    path: ({ ids }) => `${recordsDir("demo")}/${ids.done}_meta.yml`,
    about: { "task list": 1, "escalation list --all": 1 },
  },
  { name: "record of an archive", path: archivedRecord, about: { "archive list": 1 } },
  {
    name: "project.yml",
    path: () => projectFile("demo"),
    about: { "task list": Infinity, "escalation list --all": Infinity, "project list": Infinity },
  },
  {
    name: "config.yml",
    path: () => `${CONFIG}/config.yml`,
    about: Object.fromEntries(LISTS.map((list) => [list, Infinity])),
  },
];

/** Damage that no record survives; an empty configuration is one that says nothing. */
const ALWAYS_SEEN: ReadonlySet<string> = new Set([
  "emptied",
  "all zeros",
  "half zeros",
  "a fifo",
  "a directory",
]);

for (const { name, path, about } of FILES) {
  Deno.test(`a damaged ${name} is named, hides nothing else, and stays as it is`, async () => {
    const scene = await newScene();
    scene.program.host.files.put(`${CONFIG}/config.yml`, "run: {image: localhost/dev}\nlimits: {slots: 3}\n");
    const file = path(scene);
    const isRecord = !file.startsWith(CONFIG);
    const { files } = scene.program.host;
    const sound = await files.read(file);
    const whole = await look(scene);
    assert(whole.every(({ code }) => code === 0), JSON.stringify(whole));
    let named = 0;
    for (const [damage, plant] of plantsOf(scene, file, sound)) {
      await clear(scene, file);
      plant();
      const before = scene.records();
      const seen = await look(scene);
      for (const [at, { line, code, rows, error }] of seen.entries()) {
        const where = `${line}, ${name} ${damage}: ${code} ${error?.message}`;
        assert(EXITS.includes(code), where);
        if (code !== 0 && code !== 1) {
          assertNotEquals(error, null, where);
          named += String(error?.message).includes(file) ? 1 : 0;
        }
        const before = whole[at]?.rows ?? null;
        if (before === null) continue;
        // What is missing is in the error; nothing is missing without one.
        const missing = before - (rows ?? 0);
        const allowed = code === 0 ? 0 : about[line as typeof LISTS[number]] ?? 0;
        assert(missing <= allowed, `${where}: ${missing} rows are missing`);
      }
      // A record that reads as one of a run whose end nobody has recorded gets that end.
      const isSeen = seen.some(({ error }) => String(error?.message).includes(file));
      assert(isSeen || !ALWAYS_SEEN.has(damage) || !isRecord, `${name} ${damage} is not named`);
      const changed = changes(before, scene.records()).filter((path) => isSeen || path !== file);
      assertEquals(changed, [], `${name} ${damage}`);
    }
    assert(named > 10, `only ${named} errors name the file`);
    await clear(scene, file);
    files.put(file, sound);
    assertEquals(await look(scene), whole);
  });
}

/** The file damaged, or something else in its place. */
function* plantsOf(
  scene: Scene,
  file: string,
  sound: Uint8Array,
): Generator<[damage: string, plant: () => void]> {
  const { files } = scene.program.host;
  for (const [damage, bytes] of damagesOf(sound)) yield [damage, () => files.put(file, bytes)];
  yield ["a directory", () => files.putDir(file)];
  yield ["a fifo", () => files.fifo(file)];
}

async function clear({ program: { host: { files } } }: Scene, path: string): Promise<void> {
  if ((await files.info(path))?.kind === "directory") await files.removeDir(path);
  else await files.removeFile(path);
}

interface Look {
  readonly line: string;
  readonly code: number;
  /** How long the list is; null for what is no list. */
  readonly rows: number | null;
  readonly error: Item | null;
}

async function look(scene: Scene): Promise<Look[]> {
  const looks: Look[] = [];
  for (const line of [...LISTS, ...LOOKS]) {
    const ran = await scene.run([...line.split(" "), "--json"]);
    const isList = LISTS.some((list) => list === line);
    // A list that could not be made prints nothing.
    const rows = isList && ran.stdout !== "" ? JSON.parse(ran.stdout).length : null;
    looks.push({ line, code: ran.code, rows, error: errorOf(ran) });
  }
  return looks;
}

function archivedRecord({ program, ids }: Scene): string {
  const found = Object.keys(program.host.files.snapshot())
    .find((path) => path.endsWith("/task.json") && path.includes(`_${ids.gone}`));
  assert(found !== undefined);
  return found;
}
