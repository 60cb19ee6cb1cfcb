/**
 * The compiled program with a root and a project of its own.
 *
 * @module
 */
import { join } from "@std/path";
import { parseProjectId } from "../../core/identity/project_id.ts";
import { newTaskId } from "../../core/identity/task_id.ts";
import { encodeDossier } from "../../core/meta/dossier.ts";
import { dossierPath, metaPath, newPaths, workspaceDir } from "../../core/meta/paths.ts";
import { encodeDocument } from "../../core/yaml/scalar.ts";
import { type Argv, peakMemoryOf, runProgram } from "./run_program.ts";

/** Where the program works. */
export interface TaskPlace {
  readonly root: string;
  readonly project: string;
  /** Runs the program; what it has printed. */
  run(...args: string[]): Promise<string>;
  /** The most memory that it takes, bytes. */
  peakMemory(...args: string[]): Promise<number>;
}

/** Makes a place below `directory`, with a project. */
export async function newTaskPlace(
  binary: string,
  directory: string,
  { project, image }: { readonly project: string; readonly image: string },
): Promise<TaskPlace> {
  const [root, config] = [join(directory, project, "root"), join(directory, project, "config")];
  const env = { CARREL_ROOT: root, CARREL_CONFIG_DIR: config };
  const argv = (args: readonly string[]): Argv => [binary, ...args];
  const run = (...args: string[]) => runProgram(argv(args), env);
  await run("project", "new", project, "--image", image);
  const file = join(config, "projects", project, "project.yml");
  // Setting up a network would be measured on both sides, and differs most between machines.
  await Deno.writeTextFile(file, `${await Deno.readTextFile(file)}  network: none\n`);
  return {
    root,
    project,
    run,
    peakMemory: (...args) => peakMemoryOf(argv(args), env),
  };
}

/** Makes tasks that never ran, as the program writes them; the agents of every second one have said something. */
export function makeTasks(root: string, project: string, count: number): void {
  const id = parseProjectId(project);
  const paths = newPaths(root, "/nowhere");
  const [metaDir, tasksRoot] = [paths.tasksMetaDir(id), paths.liveTasksRoot(id)];
  Deno.mkdirSync(metaDir, { recursive: true });
  const ids = new Set<ReturnType<typeof newTaskId>>();
  while (ids.size < count) ids.add(newTaskId((bytes) => crypto.getRandomValues(new Uint8Array(bytes))));
  for (const [at, task] of [...ids].entries()) {
    const taskDir = join(tasksRoot, task);
    Deno.mkdirSync(workspaceDir(taskDir), { recursive: true });
    Deno.writeTextFileSync(dossierPath(metaDir, task), encodeDossier({ project, task, name: `task-${at}` }));
    const record = {
      mode: null,
      workspace: taskDir,
      web_port: null,
      created_at: new Date(1.8e12 + at * 1000).toISOString().replace("Z", "000+00:00"),
      labels: { team: "web" },
    };
    Deno.writeTextFileSync(metaPath(metaDir, task), encodeDocument(record));
    if (at % 2 === 0) continue;
    Deno.mkdirSync(join(taskDir, "agent-config"));
    const said = encodeDocument({ status: "coding", message: `step ${at} of many` });
    Deno.writeTextFileSync(join(taskDir, "agent-config", "work-status.yml"), said);
  }
}
