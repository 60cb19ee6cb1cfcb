/**
 * Everything that can be typed. A path is the file of the same name.
 *
 * @module
 */
import type { CommandTable } from "../cli/command_table.ts";
import type { Command } from "../cli/define_command.ts";
import type { App } from "./app.ts";

/** Takes the command out of a loaded module. */
async function from(loading: Promise<{ default: Command<App> }>): Promise<Command<App>> {
  return (await loading).default;
}

/** The command table; modules load when their command is run. */
export const COMMANDS: CommandTable<App> = {
  program: "carrel",
  summary: "A desk of its own for every coding-agent task: workspace, container, identity, record",
  groups: {
    project: "what tasks belong to",
    task: "make, run, watch and end tasks",
    archive: "what deletions left, and how to bring it back",
    lock: "what there is only so much of, for tasks and scripts",
    op: "what was done, by whom, and how it ended",
    audit: "every step that was recorded, in a chain of hashes",
    saga: "what is under way or was interrupted",
    retry: "failed starts, counted",
    state: "the nine stores that carrel keeps its operations in",
    storage: "what takes the disk, and how to free it",
    cache: "pristine clones that new workspaces start from",
    agent: "who tasks run as: register, suspend, retire",
    context: "what agents know: a session per flow, a state per agent",
    config: "settings and where they come from",
    runtime: "what runs tasks",
  },
  commands: {
    "project new": () => from(import("./project_new.ts")),
    "project list": () => from(import("./project_list.ts")),
    "project show": () => from(import("./project_show.ts")),
    "project delete": () => from(import("./project_delete.ts")),
    "task new": () => from(import("./task_new.ts")),
    "task run": () => from(import("./task_run.ts")),
    "task start": () => from(import("./task_start.ts")),
    "task restart": () => from(import("./task_restart.ts")),
    "task stop": () => from(import("./task_stop.ts")),
    "task rename": () => from(import("./task_rename.ts")),
    "task delete": () => from(import("./task_delete.ts")),
    "task list": () => from(import("./task_list.ts")),
    "task status": () => from(import("./task_status.ts")),
    "task logs": () => from(import("./task_logs.ts")),
    "task diff": () => from(import("./task_diff.ts")),
    "task exec": () => from(import("./task_exec.ts")),
    "task login": () => from(import("./task_login.ts")),
    "task wait": () => from(import("./task_wait.ts")),
    "task followup": () => from(import("./task_followup.ts")),
    "archive list": () => from(import("./archive_list.ts")),
    "archive show": () => from(import("./archive_show.ts")),
    "archive logs": () => from(import("./archive_logs.ts")),
    "archive restore": () => from(import("./archive_restore.ts")),
    "lock list": () => from(import("./lock_list.ts")),
    "lock acquire": () => from(import("./lock_acquire.ts")),
    "lock release": () => from(import("./lock_release.ts")),
    "lock run": () => from(import("./lock_run.ts")),
    "op list": () => from(import("./op_list.ts")),
    "op show": () => from(import("./op_show.ts")),
    "audit list": () => from(import("./audit_list.ts")),
    "audit verify": () => from(import("./audit_verify.ts")),
    "saga list": () => from(import("./saga_list.ts")),
    "saga compensate": () => from(import("./saga_compensate.ts")),
    "retry show": () => from(import("./retry_show.ts")),
    "retry reset": () => from(import("./retry_reset.ts")),
    "state check": () => from(import("./state_check.ts")),
    "state import": () => from(import("./state_import.ts")),
    "storage usage": () => from(import("./storage_usage.ts")),
    "cache sync": () => from(import("./cache_sync.ts")),
    "cache status": () => from(import("./cache_status.ts")),
    "cache clear": () => from(import("./cache_clear.ts")),
    "agent register": () => from(import("./agent_register.ts")),
    "agent list": () => from(import("./agent_list.ts")),
    "agent show": () => from(import("./agent_show.ts")),
    "agent suspend": () => from(import("./agent_suspend.ts")),
    "agent activate": () => from(import("./agent_activate.ts")),
    "agent retire": () => from(import("./agent_retire.ts")),
    "context get": () => from(import("./context_get.ts")),
    "context set": () => from(import("./context_set.ts")),
    "context merge": () => from(import("./context_merge.ts")),
    "config paths": () => from(import("./config_paths.ts")),
    "config explain": () => from(import("./config_explain.ts")),
    "config validate": () => from(import("./config_validate.ts")),
    "config schema": () => from(import("./config_schema.ts")),
    "runtime list": () => from(import("./runtime_list.ts")),
    doctor: () => from(import("./doctor.ts")),
    help: () => from(import("./help.ts")),
    version: () => from(import("./version.ts")),
  },
};
