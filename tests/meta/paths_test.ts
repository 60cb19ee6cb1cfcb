import { assertEquals, assertThrows } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { parseProjectId, type ProjectId } from "../../core/identity/project_id.ts";
import { parseTaskId, type TaskId } from "../../core/identity/task_id.ts";
import {
  agentConfigDir,
  containerLogPath,
  dossierPath,
  envPath,
  logsDir,
  metaPath,
  newPaths,
  newTaskMarkerPath,
  recordFileId,
  workspaceDir,
} from "../../core/meta/paths.ts";

const paths = newPaths("/srv", "/config");
const project = parseProjectId("orchard");
const id = parseTaskId("q7m2x");

Deno.test("newPaths() is the documented layout", () => {
  assertEquals([
    paths.root,
    paths.coreDir,
    paths.stateDb,
    paths.taskLock(project, id),
    paths.projectMetaRoot,
    paths.projectMetaDir(project),
    paths.tasksMetaDir(project),
    paths.liveRoot,
    paths.liveTasksRoot(project),
    paths.mountsDir,
    paths.cloneCacheRoot,
    paths.cloneCacheDir(project),
    paths.archiveRoot,
    paths.archiveDir(project),
    paths.userConfig,
    paths.systemConfig,
    paths.projectsDir,
    paths.projectConfig(project),
  ], [
    "/srv",
    "/srv/core",
    "/srv/core/state.db",
    "/srv/core/locks/orchard/q7m2x.lock",
    "/srv/core/projects",
    "/srv/core/projects/orchard",
    "/srv/core/projects/orchard/tasks",
    "/srv/sandbox-live/tasks",
    "/srv/sandbox-live/tasks/orchard",
    "/srv/sandbox-live/mounts",
    "/srv/sandbox/clone-cache",
    "/srv/sandbox/clone-cache/orchard",
    "/srv/archive",
    "/srv/archive/orchard/tasks",
    "/config/config.yml",
    "/etc/carrel/config.yml",
    "/config/projects",
    "/config/projects/orchard/project.yml",
  ]);
});

Deno.test("dossierPath(), metaPath() and envPath() are the record's files", () => {
  assertEquals([dossierPath("/t", id), metaPath("/t", id), envPath("/t", id)], [
    "/t/q7m2x_dossier.json",
    "/t/q7m2x_meta.yml",
    "/t/q7m2x_env",
  ]);
});

Deno.test("recordFileId() knows record files, and nothing that lies beside them", () => {
  assertEquals(["q7m2x_dossier.json", "q7m2x_meta.yml"].map(recordFileId), ["q7m2x", "q7m2x"]);
  for (const name of ["q7m2x_env", "q7m2x_meta.yml.tmp", "q7m2x.yml", "_meta.yml", ""]) {
    assertEquals(recordFileId(name), null, name);
  }
});

Deno.test("workspaceDir() and its like are the task directory", () => {
  assertEquals(
    [workspaceDir, agentConfigDir, logsDir, containerLogPath, newTaskMarkerPath].map((path) => path("/d")),
    [
      "/d/workspace-dangerous",
      "/d/agent-config",
      "/d/logs",
      "/d/logs/container.log",
      "/d/workspace-dangerous/.new-task-marker",
    ],
  );
});

Deno.test("newPaths() refuses segments that would leave their directory", () => {
  for (const text of ["", ".", "..", "../x", "..x", "a/b", "a\\b", "/etc", "a\0"]) {
    const project = text as ProjectId;
    const id = text as TaskId;
    for (
      const path of [
        () => paths.tasksMetaDir(project),
        () => paths.projectMetaDir(project),
        () => paths.liveTasksRoot(project),
        () => paths.cloneCacheDir(project),
        () => paths.cloneCacheLock(project),
        () => paths.cloneCacheSyncLock(project),
        () => paths.archiveDir(project),
        () => paths.projectConfig(project),
        () => paths.taskLock(project, parseTaskId("q7m2x")),
        () => paths.taskLock(parseProjectId("orchard"), id),
        () => dossierPath("/t", id),
        () => metaPath("/t", id),
        () => envPath("/t", id),
      ]
    ) assertEquals(assertThrows(path, AppError).code, "invalid_value", text);
  }
});
