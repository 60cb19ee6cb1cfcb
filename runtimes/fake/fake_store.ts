/**
 * Where simulated containers live between calls: one JSON file under a lock.
 *
 * @module
 */
import * as z from "zod/mini";
import { join } from "@std/path";
import type { Host } from "../../core/port/host.ts";
import { readJsonFile, writeJsonFile } from "../json_file.ts";
import { fakeBehaviourSchema } from "./fake_script.ts";

const LOCK_TIMEOUT_MS = 10_000;

const endSchema = z.object({
  code: z.int(),
  reason: z.enum(["exited", "signal", "timeout"]),
  at_micros: z.int(),
});

const containerSchema = z.object({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  labels: z.record(z.string(), z.string()),
  log_path: z.string(),
  /** Host directory that receives the scripted files; null when nothing is mounted at the workdir. */
  workspace: z.nullable(z.string()),
  timeout_s: z.nullable(z.number()),
  created_at_micros: z.int(),
  started_at_micros: z.nullable(z.int()),
  /** Set at the start to the end that the script foresees, and earlier by a stop. */
  end: z.nullable(endSchema),
  behaviour: fakeBehaviourSchema,
});

/** A simulated container as it is kept. */
export type FakeContainer = z.infer<typeof containerSchema>;

const fileSchema = z.object({ version: z.literal(1), containers: z.array(containerSchema) });

/** Simulated containers by name. */
export type FakeContainers = Map<string, FakeContainer>;

/** The file of one root. */
export class FakeStore {
  readonly #host: Pick<Host, "files" | "random">;
  readonly #directory: string;
  readonly #path: string;

  constructor(host: Pick<Host, "files" | "random">, stateDir: string) {
    this.#host = host;
    this.#directory = stateDir;
    this.#path = join(stateDir, "fake-runtime.json");
  }

  /** All containers; none when there is no file. Fails with `record_damaged`. */
  async read(): Promise<FakeContainers> {
    const file = await readJsonFile(this.#host.files, this.#path, (value) => fileSchema.parse(value));
    return new Map((file?.containers ?? []).map((container) => [container.name, container]));
  }

  /** Changes containers under the lock; nothing is written when `change` throws. */
  async update<T>(change: (containers: FakeContainers) => T | Promise<T>): Promise<T> {
    await this.#host.files.ensureDir(this.#directory, { mode: 0o700 });
    await using _lock = await this.#host.files.lock(join(this.#directory, "fake-runtime.lock"), {
      timeoutMs: LOCK_TIMEOUT_MS,
    });
    const containers = await this.read();
    const result = await change(containers);
    await writeJsonFile(this.#host, this.#path, { version: 1, containers: [...containers.values()] });
    return result;
  }
}
