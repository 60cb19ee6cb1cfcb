/**
 * Making a container: what is asked first, how secrets travel, what a failure leaves.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../../core/error.ts";
import type { ContainerSpec } from "../../../core/port/runtime.ts";
import { newTestSpec } from "../../support/test_spec.ts";
import { type Answers, complaint, ROOT, scriptedPodman } from "./scripted_podman.ts";

const ID = "5a".repeat(32);
const NAME = "demo-run-q7m2x";
const OWN = { target: "/workspace", readOnly: false, relabel: "private", own: true } as const;
const MOUNTS = [{ ...OWN, source: "/srv/w" }, { ...OWN, source: "/srv/free", target: "/free", own: false }];

function spec(overrides: Partial<ContainerSpec> = {}): ContainerSpec {
  return newTestSpec(NAME, ROOT, { image: "localhost/dev", mounts: [], ...overrides });
}

const created = () => ({ stdout: `${ID}\n` });
const imageOf = (config: object) => () => ({ stdout: JSON.stringify([{ Config: config }]) });

Deno.test("create() is one call, labels the root and answers the id", async () => {
  const { runtime, calls } = scriptedPodman({ create: created });
  assertEquals(await runtime.create(spec()), { id: ID });
  assertEquals(calls().length, 1);
  assert(calls()[0]?.includes(`carrel.root=${ROOT}`));
});

Deno.test("create() hands values over in podman's environment and in a private file that is gone afterwards", async () => {
  const seen: { env?: unknown; text?: string; mode?: number | undefined } = {};
  const { runtime, host } = scriptedPodman({
    create: async (args, command) => {
      const path = `${command.cwd}/${args[args.indexOf("--env-file") + 1]}`;
      seen.env = command.env;
      seen.text = await host.files.readText(path);
      seen.mode = (await host.files.info(path))?.mode;
      return created();
    },
  });
  await runtime.create(spec({ env: { NOTE: "two\nlines", PATH: "/secret/bin" } }));
  assertEquals(seen, { env: { NOTE: "two\nlines" }, text: "PATH=/secret/bin\n", mode: 0o600 });
  assertEquals(await host.files.list("/srv/core/podman"), []);
  for (const { argv } of host.processes.commands) assert(!argv.join("\n").includes("secret"));
});

Deno.test("create() removes its private file when podman fails, and what a killed process left", async () => {
  const { runtime, host } = scriptedPodman({
    create: () => complaint("statfs /x: no such file or directory"),
  });
  await host.files.ensureDir("/srv/core/podman", { mode: 0o700 });
  await host.files.create("/srv/core/podman/env-0badc0de", "HOME=/old\n", { mode: 0o600 });
  await host.clock.sleep(2 * 3_600_000);
  await assertRejects(() => runtime.create(spec({ env: { HOME: "/h" } })), AppError);
  assertEquals(await host.files.list("/srv/core/podman"), []);
});

Deno.test("create() reads the image for a prelude", async () => {
  const { runtime, calls } = scriptedPodman({
    image: imageOf({ Entrypoint: ["/entry"], Cmd: ["serve"] }),
    create: created,
  });
  await runtime.create(spec({ prelude: ["/init"], entrypoint: "image", command: null }));
  assertEquals(calls()[0], ["image", "inspect", "--", "localhost/dev"]);
  assertEquals(calls()[1]?.slice(-5), ['["/init"]', "--", "localhost/dev", "/entry", "serve"]);
});

for (
  const [pull, isHere, pulls, works] of [
    ["never", true, 0, true],
    ["never", false, 0, false],
    ["missing", true, 0, true],
    ["missing", false, 1, true],
    ["always", true, 1, true],
    ["newer", true, 1, true],
    ["newer", false, 1, true],
  ] as const
) {
  Deno.test(`create() with a prelude, pull ${pull}, image ${isHere ? "here" : "not here"}`, async () => {
    let here: boolean = isHere;
    const { runtime, calls } = scriptedPodman({
      image: () =>
        here ? imageOf({ Cmd: ["a"] })() : complaint("inspecting object: localhost/dev: image not known"),
      pull: () => {
        here = true;
        return {};
      },
      create: created,
    });
    const making = runtime.create(spec({ prelude: ["/init"], pull }));
    if (works) assertEquals(await making, { id: ID });
    else assertEquals((await assertRejects(() => making, AppError)).code, "image_not_found");
    assertEquals(calls().filter(([verb]) => verb === "pull").length, pulls);
  });
}

Deno.test("create() with pull newer is content with the image that is here", async () => {
  const { runtime } = scriptedPodman({
    image: imageOf({ Cmd: ["a"] }),
    pull: () => complaint("pinging container registry: connection refused"),
    create: created,
  });
  assertEquals(await runtime.create(spec({ prelude: ["/init"], pull: "newer" })), { id: ID });
});

// ownership

/** What `create` runs to give mounts away. */
async function chownOf(
  answers: Answers,
  overrides: Partial<ContainerSpec>,
  options: { uid?: number; connection?: string } = {},
): Promise<readonly string[] | undefined> {
  const { runtime, host } = scriptedPodman(
    {
      create: created,
      unshare: () => ({}),
      info: () => ({ stdout: '{"host":{"security":{"rootless":false}}}' }),
      ...answers,
    },
    {
      system: { uid: options.uid ?? 0 },
      settings: { "runtime.podman.connection": options.connection },
    },
  );
  await runtime.create(spec({ mounts: MOUNTS, ...overrides }));
  return host.processes.commands.find(({ argv }) => argv.includes("chown"))?.argv;
}

/** `podman cp` of account files, as a tar stream. */
function accounts(args: string[]) {
  const text = args.some((each) => each.endsWith("/etc/passwd")) ? "dev:x:1234:2345::/:/bin/sh\n" : "";
  const tar = new Uint8Array(1024);
  tar.set(new TextEncoder().encode(text.length.toString(8).padStart(11, "0")), 124);
  tar.set(new TextEncoder().encode("0"), 156);
  tar.set(new TextEncoder().encode(text), 512);
  return { stdout: tar };
}

const CHOWN = ["chown", "-R", "-h"];

for (
  const [words, answers, overrides, options, expected] of [
    ["an image that runs as root", { image: imageOf({}) }, {}, {}, undefined],
    ["an image with a numeric user", { image: imageOf({ User: "77:88" }) }, {}, {}, [
      ...CHOWN,
      "77:88",
      "--",
      "/srv/w",
    ]],
    ["an image with a named user", { image: imageOf({ User: "dev" }), cp: accounts }, {}, {}, [
      ...CHOWN,
      "1234:2345",
      "--",
      "/srv/w",
    ]],
    [
      "an image with a uid and no accounts",
      {
        image: imageOf({ User: "77" }),
        cp: () => complaint('"/etc/passwd" could not be found on container x: no such file or directory'),
      },
      {},
      {},
      [...CHOWN, "77:0", "--", "/srv/w"],
    ],
    ["a given user", {}, { user: "5:6" }, {}, [...CHOWN, "5:6", "--", "/srv/w"]],
    ["a given root", {}, { user: "root" }, {}, undefined],
    ["rootless", {}, {}, { uid: 1000 }, undefined],
    ["rootless with a given user", {}, { user: "5:6" }, { uid: 1000 }, [
      "podman",
      "unshare",
      ...CHOWN,
      "0:0",
      "--",
      "/srv/w",
    ]],
    ["another machine", {}, { user: "5:6" }, { connection: "far" }, undefined],
    ["nothing to own", {}, { mounts: [], user: "5:6" }, {}, undefined],
  ] as [
    string,
    Answers,
    Partial<ContainerSpec>,
    { uid?: number; connection?: string },
    string[] | undefined,
  ][]
) {
  Deno.test(`create() gives mounts to the container's user: ${words}`, async () => {
    assertEquals(await chownOf(answers, overrides, options), expected);
  });
}

Deno.test("create() asks for the image's user while the container is made", async () => {
  const asked = Promise.withResolvers<void>();
  const { runtime, calls } = scriptedPodman({
    image: () => {
      asked.resolve();
      return imageOf({ User: "77:88" })();
    },
    create: async () => {
      await asked.promise;
      return created();
    },
  });
  await runtime.create(spec({ mounts: MOUNTS }));
  assertEquals(calls().map(([verb]) => verb).sort(), ["create", "image"]);
});

for (const pull of ["missing", "newer", "always"] as const) {
  Deno.test(`create() gives mounts to the user of the image that it has pulled: ${pull}`, async () => {
    let isNew = false;
    const { runtime, host } = scriptedPodman({
      image: () => {
        if (isNew) return imageOf({ User: "77:88" })();
        return pull === "missing" ? complaint("localhost/dev: image not known") : imageOf({ User: "1:1" })();
      },
      create: () => {
        isNew = true;
        return created();
      },
    });
    await runtime.create(spec({ mounts: MOUNTS, pull }));
    const given = host.processes.commands.find(({ argv }) => argv[0] === "chown")?.argv;
    assertEquals(given?.join(" "), "chown -R -h 77:88 -- /srv/w");
  });
}

Deno.test("create() leaves no container behind when nobody can tell its image's user", async () => {
  const { runtime, calls } = scriptedPodman({
    image: () => complaint("it does not work"),
    create: created,
    rm: () => ({}),
  });
  const making = runtime.create(spec({ mounts: MOUNTS }));
  assertEquals((await assertRejects(() => making, AppError)).code, "runtime_failed");
  assertEquals(calls().at(-1), ["rm", "--force", "--ignore", "--time", "0", "--volumes", ID]);
});

Deno.test("create() fails as the making does, whatever the image's user is", async () => {
  const { runtime } = scriptedPodman({
    image: () => complaint("it does not work"),
    create: () => complaint("localhost/dev: image not known"),
  });
  const making = runtime.create(spec({ mounts: MOUNTS }));
  assertEquals((await assertRejects(() => making, AppError)).code, "image_not_found");
});

Deno.test("create() leaves no container behind when its user does not exist", async () => {
  const { runtime, calls } = scriptedPodman({ create: created, cp: accounts, rm: () => ({}) });
  const making = runtime.create(spec({ mounts: MOUNTS, user: "nobody" }));
  assertEquals((await assertRejects(() => making, AppError)).code, "invalid_value");
  assertEquals(calls().at(-1), ["rm", "--force", "--ignore", "--time", "0", "--volumes", ID]);
});

for (
  const [user, mappings] of [
    [null, ["--userns=keep-id:uid=1000,gid=1000"]],
    ["5:6", ["--userns=keep-id:uid=5,gid=6"]],
    ["0", [undefined]],
    ["root", [undefined]],
    ["dev", [undefined, "--userns=keep-id:uid=1234,gid=2345"]],
    ["77", [undefined, "--userns=keep-id:uid=77,gid=77"]],
  ] as const
) {
  Deno.test(`create() maps the rootless user ${user} to whoever runs podman`, async () => {
    const { runtime, calls } = scriptedPodman(
      { create: created, cp: accounts, rm: () => ({}) },
      { system: { uid: 1000 } },
    );
    assertEquals(await runtime.create(spec({ user })), { id: ID });
    const creations = calls().filter(([verb]) => verb === "create");
    assertEquals(creations.map((args) => args.find((each) => each.startsWith("--userns"))), [...mappings]);
    // One whose accounts had to be read first is removed before the next one takes its name.
    assertEquals(calls().filter(([verb]) => verb === "rm").length, mappings.length - 1);
  });
}

Deno.test("create() quotes lists only for the versions that split them", async () => {
  for (const [version, option] of [["4.9.3", '"path=/a,b.log"'], ["5.0.1", "path=/a,b.log"]] as const) {
    const { runtime, calls } = scriptedPodman({
      version: () => ({ stdout: JSON.stringify({ Client: { Version: version } }) }),
      create: created,
    });
    await runtime.create(spec({ logPath: "/a,b.log" }));
    assert(calls().at(-1)?.includes(option), version);
  }
});

Deno.test("create() uses the init program where it is installed", async () => {
  const { runtime, host, calls } = scriptedPodman({ create: created });
  host.files.put("/usr/libexec/podman/catatonit", "");
  await host.files.chmod("/usr/libexec/podman/catatonit", 0o755);
  await runtime.create(spec());
  assertEquals(calls().at(-1)?.slice(0, 2), ["create", "--init"]);
});
