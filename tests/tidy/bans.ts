/**
 * What must not be written in this project, and what to write instead.
 *
 * @module
 */
import { codeOnly } from "./code_only.ts";

/** One thing not to write. */
export interface Ban {
  readonly name: string;
  readonly pattern: RegExp;
  readonly instead: string;
  /** Files, or folders with a final slash, where it is allowed. */
  readonly exempt: readonly string[];
  /** Where to look: code alone (default), code with its strings, or everything. */
  readonly within?: "code" | "strings" | "comments";
  /** A piece of source that must be caught. */
  readonly sample: string;
}

const EDGES = ["core/host/", "scripts/", "tests/", "main.ts"];

/** The list. */
export const BANS: readonly Ban[] = [
  {
    name: "Deno.",
    pattern: /\bDeno\s*\./,
    instead: "the Host port (core/port/host.ts)",
    exempt: EDGES,
    sample: `await Deno.readFile("a")`,
  },
  {
    name: "node: built-ins",
    // Hashing is pure; what else node:crypto has is banned as randomness.
    pattern: /["']node:(?!crypto["'])[a-z_/]+["']/,
    instead: "the Host port (core/port/host.ts)",
    // There is no port for SQL: the state stores on SQLite are such an adapter themselves.
    exempt: [...EDGES, "core/state/sqlite/connection.ts"],
    within: "strings",
    sample: `import { readFile } from "node:fs";`,
  },
  {
    name: "ending the process",
    pattern: /\bDeno\s*\.\s*(exit|exitCode)\b|\bprocess\s*\.\s*exit\b/,
    instead: "an exit status returned to main.ts",
    exempt: ["scripts/", "tests/", "main.ts"],
    sample: `Deno.exit(1)`,
  },
  {
    name: "console.",
    pattern: /\bconsole\s*\./,
    instead: "the Terminal port (core/port/terminal.ts)",
    exempt: ["scripts/"],
    sample: `console.log("x")`,
  },
  {
    name: "the current time",
    pattern: /\bnew\s+Date\s*(\(\s*\)|(?![\s(]))|\bDate\s*\.\s*now\b|\bperformance\s*\.\s*now\b/,
    instead: "host.clock",
    exempt: EDGES,
    sample: `const time = new Date();`,
  },
  {
    name: "randomness",
    pattern: /\bMath\s*\.\s*random\b|\b(getRandomValues|randomUUID)\b|\.\s*randomBytes\b/,
    instead: "host.random",
    exempt: EDGES,
    sample: `crypto.randomUUID()`,
  },
  {
    name: "network",
    pattern: /\b(fetch|WebSocket|EventSource)\s*\(|\bDeno\s*\.\s*(connect|connectTls|listen|serve)\b/,
    instead: "nothing: carrel opens no connection but to loopback ports, in core/host/deno_network.ts",
    exempt: ["core/host/deno_network.ts", "scripts/", "tests/"],
    sample: `await fetch("https://example.org")`,
  },
  {
    name: "foreign functions",
    pattern: /\bDeno\s*\.\s*dlopen\b/,
    instead: "a program, run through host.processes",
    exempt: [],
    sample: `Deno.dlopen("lib.so", {})`,
  },
  {
    name: "throw new Error(",
    pattern: /\bthrow\s+new\s+Error\s*\(/,
    instead: "AppError (expected) or invariant() (a bug)",
    exempt: [],
    sample: `throw new Error("no")`,
  },
  {
    name: "as any, as unknown as",
    pattern: /\bas\s+any\b|\bas\s+unknown\s+as\b/,
    instead: "a parser or a type guard",
    exempt: [],
    sample: `const a = b as unknown as string;`,
  },
  {
    // The look at the directory itself is in one place; the others name it and open nothing in it.
    name: "agentConfigDir",
    pattern: /\bagentConfigDir\b/,
    instead: "core/query/agent_dir.ts, which follows no link",
    exempt: [
      "core/query/agent_dir.ts",
      "core/meta/paths.ts",
      "core/mod.ts",
      "core/api/task_records.ts",
      "core/engine/container_spec.ts",
      "core/engine/launch.ts",
      "core/engine/prune_archives.ts",
      "core/engine/retain_archives.ts",
      "core/storage/storage_item.ts",
      "tests/",
    ],
    sample: `await files.read(join(agentConfigDir(taskDir), name))`,
  },
  {
    name: "unfinished work",
    pattern: /\b(TODO|FIXME)\b/,
    instead: "the work, or nothing",
    exempt: ["tests/tidy/bans.ts"],
    within: "comments",
    sample: `// TODO later`,
  },
];

/** One sentence for each line of `source` that a ban catches. */
export function bannedLines(path: string, source: string, bans: readonly Ban[] = BANS): string[] {
  const texts = {
    strings: codeOnly(source, { keepStrings: true }),
    comments: source,
    code: codeOnly(source),
  };
  return bans
    .filter(({ exempt }) => !exempt.some((spared) => path === spared || isBelow(path, spared)))
    .flatMap(({ name, pattern, instead, within = "code" }) =>
      texts[within].split("\n").flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1}: ${name} is banned; use ${instead}`] : []
      )
    );
}

function isBelow(path: string, folder: string): boolean {
  return folder.endsWith("/") && path.startsWith(folder);
}
