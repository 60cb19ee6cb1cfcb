/**
 * Making a container: image, argv, environment, ownership.
 *
 * @module
 */
import { AppError, isAppError } from "../../core/error.ts";
import type { ContainerSpec } from "../../core/port/runtime.ts";
import { createArgv, type CreateFacts, dependsOnLists, imageOf, needsImageDetails } from "./argv.ts";
import { ROOT_LABEL } from "./container_names.ts";
import { needsAccounts, resolveUser, type UserIds } from "./container_user.ts";
import type { Engine } from "./engine.ts";
import { firstLine } from "./engine_text.ts";
import { podmanFailure } from "./failure.ts";
import { giveMounts, ownerIsImageUser, readUserIds } from "./give_mounts.ts";
import { type ImageDetails, parseImageDetails } from "./inspect.ts";
import { withPrivateEnv } from "./private_env.ts";

const CREATE_TIMEOUT_MS = 120_000;
const PULL_TIMEOUT_MS = 600_000;
const CONTAINER_ID = /^[0-9a-f]{64}$/;

/** Rootless tasks run as whoever runs podman, under the ids that images are made for. */
const ROOTLESS_IDS: UserIds = { uid: 1000, gid: 1000 };

/** Makes the container of `spec` and gives it its mounts; nothing is left behind when a step fails. */
export async function createContainer(engine: Engine, spec: ContainerSpec): Promise<{ readonly id: string }> {
  const image = needsImageDetails(spec) ? await prepareImage(engine, spec) : null;
  const asksUser = image === null && await ownerIsImageUser(engine, spec);
  const facts = {
    hasInit: await engine.hasInit(),
    image,
    pull: image === null ? spec.pull : "never",
    splitsLists: dependsOnLists(spec) && await engine.splitsLists(),
  } as const;
  const isRootless = await engine.isRootless();
  const mustLookUp = isRootless && spec.user !== null && needsAccounts(spec.user);
  const keepId = isRootless && !mustLookUp ? keptIds(writtenIds(spec.user)) : null;
  const asked = asksUser ? askWhileMaking(engine, spec) : null;
  let id = await createOnce(engine, spec, { ...facts, keepId });
  try {
    if (mustLookUp) {
      // Only a container shows its accounts, but its mapping has to be known when it is made.
      const ids = await readUserIds(engine, spec.name, spec.user);
      await removeCreated(engine, id);
      id = await createOnce(engine, spec, { ...facts, pull: "never", keepId: keptIds(ids) });
    }
    const details = image ?? await asked?.();
    await giveMounts(engine, spec, details?.user ?? "");
  } catch (error) {
    // The first error is the one to tell; what is left is found again by its name and label.
    await removeCreated(engine, id).catch(() => {});
    throw error;
  }
  return { id };
}

/**
 * Details of an image that a container is being made from, given once that is done. The image is asked meanwhile, if
 * it is here and stays; one that the making may replace is asked afterwards.
 */
function askWhileMaking(engine: Engine, spec: ContainerSpec): () => Promise<ImageDetails> {
  const image = imageOf(spec);
  const stays = spec.pull === "never" || spec.pull === "missing";
  const early = stays ? inspectImage(engine, image) : Promise.resolve(null);
  // Nobody asks for it when the container cannot be made.
  early.catch(() => {});
  return async () => await early ?? await requireImage(engine, image);
}

/**
 * The ids that stand for whoever runs podman when a container runs as `ids`; null = as the engine maps root.
 * Neither id may be 0: podman 4.3 cannot keep those.
 */
function keptIds({ uid, gid }: UserIds): UserIds | null {
  return uid === 0 ? null : { uid, gid: gid === 0 ? uid : gid };
}

function writtenIds(user: string | null): UserIds {
  return user === null ? ROOTLESS_IDS : resolveUser(user, "", "");
}

async function createOnce(
  engine: Engine,
  spec: ContainerSpec,
  facts: Omit<CreateFacts, "envNames" | "envFile">,
): Promise<string> {
  const labelled = { ...spec, labels: { ...spec.labels, [ROOT_LABEL]: engine.root } };
  const answer = await withPrivateEnv(engine, spec.env, async ({ names, file, call }) => {
    const argv = createArgv(labelled, { ...facts, envNames: names, envFile: file });
    const timeoutMs = facts.pull === "never" ? CREATE_TIMEOUT_MS : PULL_TIMEOUT_MS;
    return await engine.client.succeed(argv, { ...call, timeoutMs });
  }).catch(async (error) => {
    // An old podman complains of a flag that it does not know; there is nothing wrong with the flag.
    if (isAppError(error, "invalid_value")) await engine.requireSupported();
    throw error;
  });
  const id = answer.trim().split("\n").at(-1) ?? "";
  if (CONTAINER_ID.test(id)) return id;
  throw new AppError("runtime_failed", `podman create did not answer with an id but "${firstLine(answer)}"`);
}

async function removeCreated(engine: Engine, id: string): Promise<void> {
  await engine.client.succeed(["rm", "--force", "--ignore", "--time", "0", "--volumes", id]);
}

/** Details of the image, pulled first as the policy says; `image_not_found` when it is not to be had. */
async function prepareImage(engine: Engine, spec: ContainerSpec): Promise<ImageDetails> {
  const image = imageOf(spec);
  const here = spec.pull === "always" ? null : await inspectImage(engine, image);
  if (here !== null && spec.pull !== "newer") return here;
  if (spec.pull === "never") throw imageNotFound(image);
  try {
    await engine.client.succeed(["pull", "--quiet", "--", image], { timeoutMs: PULL_TIMEOUT_MS });
  } catch (error) {
    // `newer` is content with the one that is here when the registry is not.
    if (here === null || !isAppError(error)) throw error;
    return here;
  }
  const pulled = await inspectImage(engine, image);
  if (pulled === null) throw podmanFailure("pull", `Error: ${image}: image not known`);
  return pulled;
}

/** Details of an image; `image_not_found` when it is not in the engine's store. */
export async function requireImage(engine: Engine, image: string): Promise<ImageDetails> {
  const here = await inspectImage(engine, image);
  if (here === null) throw imageNotFound(image);
  return here;
}

function imageNotFound(image: string): AppError {
  return podmanFailure("create", `Error: ${image}: image not known`);
}

async function inspectImage(engine: Engine, image: string): Promise<ImageDetails | null> {
  try {
    return parseImageDetails(await engine.client.ask(["image", "inspect", "--", image]));
  } catch (error) {
    if (isAppError(error, "image_not_found")) return null;
    throw error;
  }
}
