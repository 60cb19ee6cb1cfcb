/**
 * The file that says that a workspace is new.
 *
 * @module
 */

/** Its name in the workspace. */
export const NEW_TASK_MARKER_NAME = ".new-task-marker";

/** Its text: the next start resets the workspace to the remote's head. */
export const NEW_TASK_MARKER = `# carrel: this task is new.
# While this file is here, the next start resets the workspace to the remote's head.
# It is deleted once that has been done; from then on local work is kept.
`;
