/**
 * A carrel on the real machine, with an upstream of the real git, in a temporary directory.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import type { Carrel, Notice } from "../../core/carrel.ts";
import { newDenoHost } from "../../core/host/deno_host.ts";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { openCarrel } from "../../core/open_carrel.ts";
import type { Host } from "../../core/port/host.ts";
import { type GitPlace, newGitPlace, NO_GIT_CONFIG } from "./git_place.ts";

/** The project of the world; its upstream is {@linkcode GitPlace.upstream}. */
export const DEMO = parseProjectId("demo");

/** A carrel, and what it works on. */
export interface RealCarrel extends AsyncDisposable {
  readonly place: GitPlace;
  readonly carrel: Carrel;
  readonly notices: Notice[];
  /** Where the project's cache is. */
  readonly cache: string;
  /** Opens another one on the same root, on another host or with another project.yml. */
  open(options?: OpenRealOptions): Promise<Carrel>;
}

/** How a carrel differs from the world's first one. */
export interface OpenRealOptions {
  readonly host?: Partial<Host>;
  /** Replaces project.yml; default: the runtime `fake`, and the upstream. */
  readonly project?: string;
  /** Variables beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Makes one. The upstream has the commit `one` with a file `a`. */
export async function newRealCarrel(): Promise<RealCarrel> {
  const place = await newGitPlace();
  await place.commit({ a: "one\n" }, "one");
  const [root, configDir] = [join(place.dir, "root"), join(place.dir, "config")];
  const notices: Notice[] = [];
  const open = async (options: OpenRealOptions = {}) => {
    const file = join(configDir, "projects/demo/project.yml");
    await Deno.mkdir(dirname(file), { recursive: true });
    const text = options.project ?? `run: {runtime: fake}\ngit: {upstream_url: "${place.upstream}"}\n`;
    const before = await Deno.readTextFile(file).catch(() => null);
    if (before !== text) await Deno.writeTextFile(file, text);
    const real = newDenoHost();
    const variables = {
      PATH: real.env.get("PATH") ?? "",
      HOME: place.dir,
      ...NO_GIT_CONFIG,
      ...options.env,
    };
    const values = new Map(Object.entries(variables));
    const env = { get: (name: string) => values.get(name), all: () => Object.fromEntries(values) };
    return await openCarrel({
      root,
      configDir,
      host: { ...real, env, ...options.host },
      notify: (notice) => void notices.push(notice),
    });
  };
  const carrel = await open();
  return {
    place,
    carrel,
    notices,
    open,
    cache: carrel.paths.cloneCacheDir(DEMO),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}
