/**
 * The text that carrel puts into every task directory.
 *
 * @module
 */

/** Content of the task directory's README.md. */
export const TASK_README = `# A task's desk

This directory belongs to one carrel task.

- \`workspace-dangerous/\` is written by the task. Treat everything in it as untrusted: a repository
  can run code on your machine through hooks, filters, build files or editor settings. Do not run
  git, builds or scripts from it on the host. \`carrel task diff\` shows changes safely.
- \`agent-config/\` is shared with the container: prompt, work status, session files.
- \`logs/\` holds the container's output.

Use \`carrel task status\`, \`carrel task logs\` and \`carrel task delete\` rather than these files.
`;
