/**
 * The one list of what is compiled in.
 *
 * @module
 */
import type { RuntimePlugin } from "../core/port/plugin.ts";
import { fakePlugin } from "./fake.ts";
import { podmanPlugin } from "./podman.ts";
import { processPlugin } from "./process.ts";

/** Every runtime that `run.runtime` can name. */
export const PLUGINS: readonly RuntimePlugin[] = [podmanPlugin, processPlugin, fakePlugin];
