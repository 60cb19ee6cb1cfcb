import { assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/error.ts";
import { newMemoryHost } from "../../core/host/memory_host.ts";
import { gitEnv, gitSentence, runGit } from "../../core/storage/git_command.ts";

Deno.test("gitEnv() keeps how an upstream is reached, and nothing of where a repository is", () => {
  const own = {
    GIT_SSH: "1",
    GIT_SSH_COMMAND: "1",
    GIT_SSL_CAINFO: "1",
    GIT_PROXY_COMMAND: "1",
    GIT_HTTP_LOW_SPEED_TIME: "1",
    GIT_CONFIG_GLOBAL: "1",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "1",
    GIT_CONFIG_VALUE_0: "1",
    SSH_AUTH_SOCK: "1",
    https_proxy: "1",
  };
  const where = {
    GIT_DIR: "1",
    GIT_WORK_TREE: "1",
    GIT_INDEX_FILE: "1",
    GIT_OBJECT_DIRECTORY: "1",
    GIT_ALTERNATE_OBJECT_DIRECTORIES: "1",
    GIT_COMMON_DIR: "1",
    GIT_NAMESPACE: "1",
    GIT_CONFIG: "1",
    GIT_CONFIG_PARAMETERS: "1",
    GIT_TEMPLATE_DIR: "1",
    GIT_EXTERNAL_DIFF: "1",
    GIT_SSHX: "1",
  };
  const user = gitEnv({ ...own, ...where }, "user");
  assertEquals(Object.keys(own).filter((name) => user[name] !== "1"), []);
  assertEquals(Object.keys(where).filter((name) => name in user), []);
  const none = gitEnv({ ...own, ...where }, "none");
  assertEquals(Object.entries(none).filter(([, value]) => value === "1").map(([name]) => name).sort(), [
    "GIT_ATTR_NOSYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "SSH_AUTH_SOCK",
    "https_proxy",
  ]);
});

Deno.test("gitSentence() tells the cause, not the noise around it, and no password", () => {
  const cases: [string, string][] = [
    ["", ""],
    ["warning: x\nfatal: no such thing\nhint: y\n", "no such thing"],
    ["remote: denied\nerror: it failed.\nmore\n", "it failed"],
    ["only this\n\n", "only this"],
    ["fatal: no ssh://ada:p@ss@host/x and https://t0ken@h/y\n", "no ssh://***@host/x and https://***@h/y"],
    [
      "fatal: see https://example.org/a and ada@example.org\n",
      "see https://example.org/a and ada@example.org",
    ],
  ];
  for (const [stderr, sentence] of cases) assertEquals(gitSentence(stderr), sentence, stderr);
});

Deno.test("runGit() where there is no git says what that means", async () => {
  const error = await assertRejects(
    () => runGit(newMemoryHost(), "none", ["fsck"], { timeoutMs: 1 }),
    AppError,
  );
  assertEquals([error.code, error.exit], ["wrong_state", 5]);
});
