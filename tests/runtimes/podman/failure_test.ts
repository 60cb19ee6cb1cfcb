/**
 * podman's sentences, as it wrote them.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  isRefusal,
  isTransient,
  podmanFailure,
  podmanSentence,
  startFailure,
} from "../../../runtimes/podman/failure.ts";

for (
  const [code, sentence] of [
    ["container_absent", 'no container with name or ID "x" found: no such container'],
    ["container_absent", "inspecting object: no such container x"],
    ["image_not_found", "localhost/nope: image not known"],
    ["image_not_found", "inspecting object: nope: image not known"],
    [
      "image_not_found",
      'short-name "nope" did not resolve to an alias and no unqualified-search registries are defined in ' +
      '"/etc/containers/registries.conf"',
    ],
    [
      "already_exists",
      'creating container storage: the container name "x" is already in use by da50. You have to remove that ' +
      "container to be able to reuse that name: that name is already in use",
    ],
    ["wrong_state", "can only create exec sessions on running containers: container state improper"],
    ["disk_full", "write /var/lib/containers/x: no space left on device"],
    ["runtime_unavailable", 'failed to resolve active destination: "nope" service destination not found'],
    ["runtime_unavailable", "unable to connect to Podman socket: dial unix: connect: connection refused"],
    ["invalid_value", "invalid value for memory: invalid size: 'zz'"],
    ["invalid_value", "unknown flag: --nope"],
    ["wrong_state", "statfs /nope: no such file or directory"],
    ["wrong_state", "unable to find network with name or ID nope: network not found"],
    ["wrong_state", "unable to find user nope: no matching entries in passwd file"],
    ["runtime_failed", "rootlessport listen tcp 127.0.0.1:80: bind: address already in use"],
    ["runtime_failed", ""],
  ] as const
) {
  Deno.test(`podmanFailure() ${code}: ${sentence.slice(0, 50)}`, () => {
    const error = podmanFailure("create", `time="x" level=warning msg="y"\nError: ${sentence}\n`);
    assertEquals(error.code, code);
    assert(error.message.startsWith("podman create: "));
    assert(error.message.includes(sentence));
  });
}

const RUNC = 'unable to start container "6e65": runc: runc create failed: unable to start container process';
const CRUN = 'unable to start container "6e65": crun';

for (
  const [exit, sentence] of [
    [
      127,
      `${RUNC}: exec: "nope": executable file not found in $PATH: OCI runtime attempted to invoke a command ` +
      "that was not found",
    ],
    [
      127,
      `${RUNC}: exec: "/no/pe": stat /no/pe: no such file or directory: OCI runtime attempted to invoke a command ` +
      "that was not found",
    ],
    [
      127,
      `${CRUN}: executable file \`nope\` not found in $PATH: No such file or directory: OCI runtime attempted to ` +
      "invoke a command that was not found",
    ],
    [126, `${RUNC}: exec: "/etc/passwd": permission denied: OCI permission denied`],
    [126, `${CRUN}: open executable: Permission denied: OCI permission denied`],
    [125, 'workdir "/nodir" does not exist on container 6e65'],
    [
      125,
      'unable to start container "e4f2": /usr/bin/slirp4netns failed: "open(\\"/dev/net/tun\\"): Permission denied"',
    ],
    [125, "unable to find user nope: no matching entries in passwd file"],
    [125, `${RUNC}: error mounting "/srv/x" to rootfs at "/x": invalid argument: OCI runtime error`],
  ] as const
) {
  Deno.test(`startFailure() ${exit}: ...${sentence.slice(-50)}`, () => {
    const error = startFailure(`Error: ${sentence}\n`);
    assertEquals([error.code, error.exit], ["start_failed", exit]);
  });
}

Deno.test("startFailure() tells what has nothing to do with the command", () => {
  assertEquals(startFailure('Error: no container with name or ID "x" found: no such container').exit, 5);
  assertEquals(
    startFailure("Error: container 1 must be in Created or Stopped state: container state improper").exit,
    5,
  );
  assertEquals(startFailure("Error: database is locked").code, "runtime_failed");
});

Deno.test("podmanSentence() is the last one of several", () => {
  assertEquals(podmanSentence("Error: first\nError: second\n"), "second");
  assertEquals(podmanSentence("panic: oh\n\ngoroutine 1"), "panic: oh");
});

Deno.test("isTransient() knows locks", () => {
  assert(isTransient("Error: database is locked"));
  assert(isTransient("Error: allocating lock: resource temporarily unavailable"));
  assert(!isTransient("Error: nope: image not known"));
});

Deno.test("isRefusal() knows podman's own words only", () => {
  assert(isRefusal("Error: can only create exec sessions on running containers: container state improper\n"));
  assert(!isRefusal("no such container\n"));
  assert(!isRefusal("Error: something of the command's own\n"));
});

Deno.test("podmanSentence() takes the listed error from under a heading", () => {
  const stderr = "Error: 1 error occurred:\n\t* could not find the file /etc/passwd in container x\n\n";
  assertEquals(podmanSentence(stderr), "could not find the file /etc/passwd in container x");
});
