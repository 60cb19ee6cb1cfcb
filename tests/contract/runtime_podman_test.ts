/**
 * The laws of runtimes, kept by real podman containers: rootful or rootless, as whoever runs the tests.
 *
 * @module
 */
import { join } from "@std/path";
import { PodmanRuntime } from "../../runtimes/podman/podman_runtime.ts";
import {
  newContainerName,
  newProjectName,
  podmanContext,
  removeMade,
  TEST_IMAGE,
  whyNoPodman,
} from "../podman/podman_here.ts";
import { newTestSpec } from "../support/test_spec.ts";
import { type Bench, shellCommand } from "./runtime_bench.ts";
import { runtimeSuite } from "./runtime_suite.ts";

const why = await whyNoPodman();

runtimeSuite(why === null ? "podman" : `podman (cannot run here: ${why})`, newPodmanBench, {
  // Engines give 128 + N for a death by signal, as a command may do itself.
  supports: { commands: true, images: true, signals: false, timeoutReason: true },
  ignore: why !== null,
});

async function newPodmanBench(): Promise<Bench> {
  const directory = await Deno.makeTempDir();
  const workspace = join(directory, "workspace");
  for (const name of ["workspace", "agent-config", "logs"]) await Deno.mkdir(join(directory, name));
  const runtime = new PodmanRuntime(podmanContext(join(directory, "root")));
  const project = newProjectName();
  const image = { image: TEST_IMAGE, network: "none" };
  return {
    runtime,
    otherRoot: new PodmanRuntime(podmanContext(join(directory, "other"))),
    newSpec: (overrides = {}) => {
      // As carrel names them: the project of the name is the project of the label.
      const name = newContainerName(overrides.labels?.["carrel.project"] ?? project);
      return newTestSpec(name, directory, { ...image, ...overrides });
    },
    behave: (spec, behaviour) => ({ ...spec, command: shellCommand(behaviour) }),
    writeWorkspace: (path, text) => Deno.writeTextFile(join(workspace, path), text),
    readWorkspace: (path) => Deno.readTextFile(join(workspace, path)),
    [Symbol.asyncDispose]: async () => {
      await removeMade(runtime);
      await Deno.remove(directory, { recursive: true });
    },
  };
}
