/** Tests of upstream addresses. @module */
import { assertEquals, assertThrows } from "@std/assert";
import { parseUpstreamUrl } from "../../core/config/parse_upstream_url.ts";
import { AppError } from "../../core/error.ts";

Deno.test("parseUpstreamUrl() accepts what git speaks itself", () => {
  for (
    const url of [
      "https://example.org/team/repo.git",
      "https://user:word@example.org:8443/repo",
      "http://[::1]:3000/repo",
      "ssh://git@example.org/repo",
      "git://example.org/repo",
      "git+ssh://example.org/repo",
      "git@example.org:team/repo.git",
      "example.org:repo",
      "host:/absolute/path",
      "/srv/git/repo.git",
      "/srv/with space/repo",
    ]
  ) assertEquals(parseUpstreamUrl(url), url);
  assertEquals(parseUpstreamUrl("  /srv/git  "), "/srv/git");
});

Deno.test("parseUpstreamUrl() takes the path out of a file URL", () => {
  assertEquals(parseUpstreamUrl("file:///srv/git/repo.git"), "/srv/git/repo.git");
  assertEquals(parseUpstreamUrl("file://localhost/srv/repo"), "/srv/repo");
  assertEquals(parseUpstreamUrl("file:///srv/with%20space"), "/srv/with space");
});

Deno.test("parseUpstreamUrl() refuses options, programs, relative paths and control characters", () => {
  for (
    const url of [
      "-u/tmp/x",
      "--upload-pack=touch /tmp/x",
      "ext::sh -c touch% /tmp/x",
      "fd::17",
      "foo::bar",
      "foo://example.org/x",
      "ssh://-oProxyCommand=touch/x",
      "ssh://user@-oProxyCommand=touch/x",
      "-host:path",
      "user@-host:path",
      "relative/path",
      "./repo",
      "~/repo",
      "repo",
      "dir/name:x",
      "https://",
      "file://host/srv/repo",
      "file://relative",
      "file:///srv/%zz",
      "file:///srv/%0a",
      "https://example.org/\u0007",
      "/srv/a\nb",
    ]
  ) assertEquals(assertThrows(() => parseUpstreamUrl(url), AppError).code, "invalid_value", url);
});

Deno.test("parseUpstreamUrl() does not repeat a value that may hold a password", () => {
  for (const url of ["ftx://me:hunter2@example.org/x", "me::hunter2", "hunter2\u0000"]) {
    const error = assertThrows(() => parseUpstreamUrl(url), AppError);
    assertEquals(`${error.message} ${error.hint}`.includes("hunter2"), false);
  }
});
