/**
 * Where a project's workspaces come from.
 *
 * @module
 */
import { AppError } from "../error.ts";

/** Transports that git speaks itself. Any other scheme would start a program `git-remote-<scheme>`. */
const URL_FORM = /^(?:https?|ssh|git|git\+ssh|ssh\+git|ftps?):\/\/(?!-)(?![^/]*@-)\S/;
/** `[user@]host:path`; a slash before the colon would make it a path (git-clone(1), "GIT URLS"). */
const SCP_FORM = /^(?:[^/:@\s-][^/:@\s]*@)?[^/:@\s-][^/:@\s]*:(?!:|\/\/)\S/;

/**
 * Reads `git.upstream_url`: a URL, `[user@]host:path` or an absolute local path, which `file:///` is
 * another way of writing: local paths are what workspaces can be given. Refused are texts
 * that git would take for an option or for a helper program to run (`ext::sh -c ...`), and control
 * characters. Messages never repeat the value, which may hold a password. Throws `invalid_value`.
 *
 * @example
 * ```ts
 * import { AppError } from "../error.ts";
 * import { parseUpstreamUrl } from "./parse_upstream_url.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 * parseUpstreamUrl("git@example.org:team/repo.git");
 * assertEquals(parseUpstreamUrl("file:///srv/git/repo.git"), "/srv/git/repo.git");
 * assertThrows(() => parseUpstreamUrl("ext::sh -c true"), AppError);
 * ```
 */
export function parseUpstreamUrl(text: string): string {
  const url = toLocalPath(text.trim());
  if (/\p{Cc}/u.test(url)) throw new AppError("invalid_value", "must not contain control characters");
  if (/^[^/]*::/.test(url)) {
    throw new AppError("invalid_value", "must not name a remote helper (::), which is a program to run");
  }
  if (url.startsWith("/") || URL_FORM.test(url) || SCP_FORM.test(url)) return url;
  throw new AppError("invalid_value", "must be a URL, user@host:path or an absolute path", {
    hint: "e.g. https://example.org/team/repo.git, git@example.org:team/repo.git, /srv/git/repo.git",
  });
}

/** The path of a `file:` URL without a host, unescaped as git does; any other text as it is. */
function toLocalPath(url: string): string {
  const path = /^file:\/\/(?:localhost)?(\/.*)$/.exec(url)?.[1];
  if (path === undefined) return url;
  try {
    return decodeURIComponent(path);
  } catch (error) {
    throw new AppError("invalid_value", "must be escaped as a URL is, with % and two hexadecimal digits", {
      cause: error,
    });
  }
}
