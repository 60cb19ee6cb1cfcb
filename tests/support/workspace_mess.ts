/**
 * A workspace in which nothing is as one would wish, and what there is of it to the last bit.
 *
 * @module
 */
import { assertEquals } from "@std/assert";

/** Everything that git can be in the middle of, and every kind of file but devices. */
const MESS = String.raw`
set -eu
g() { git -c user.name=a -c user.email=a@example.org -c commit.gpgsign=false -c protocol.file.allow=always "$@"; }
git init -q -b main "$UPSTREAM"
echo of the library > "$UPSTREAM/library"; g -C "$UPSTREAM" add -A; g -C "$UPSTREAM" commit -qm library
git init -q -b main .
printf 'ignored/\n' > .gitignore
for i in $(seq $((SEED % 5 + 3))); do echo "$SEED line $i" > "tracked $i"; done
g add -A; g commit -qm one
g submodule --quiet add "$UPSTREAM" 'sub module'; g commit -qm submodule
echo unpushed >> 'sub module/library'; g -C 'sub module' commit -qam ahead
echo dirty >> 'sub module/library'; echo new > 'sub module/untracked'
g remote add origin "$UPSTREAM"; g fetch -q origin; g branch --track pushed origin/main
echo more >> 'tracked 1'; g commit -qam unpushed
git branch side HEAD~1; git tag -m annotated v1 2>/dev/null || g tag -a -m annotated v1
echo stashed >> 'tracked 2'; g stash -q
git checkout -q --detach side
echo staged > staged; git add staged
echo unstaged >> 'tracked 3'
mkdir -p ignored deep/er; echo $SEED > ignored/file; echo untracked > deep/er/untracked
head -c $((SEED * 37 % 90000)) /dev/urandom > random
ln -s /etc/passwd out; ln -s nowhere dangling; ln -s . loop
ln random 'hard link'
truncate -s 5M sparse; printf end >> sparse
deep=deep; for i in $(seq $((SEED * 7 % 40 + 10))); do deep=$deep/$((SEED * i % 97)); done; mkdir -p "$deep"; : > "$deep/end"
: > "$(printf '%0255d' "$SEED")"; mkdir -p empty/er sgid; chmod 2775 sgid; chmod 1777 empty
for i in $(seq $((SEED % 7 + 5))); do f="odd $i"; echo "$SEED $i" > "$f"; chmod $((SEED * i % 8))$((i % 8))$((SEED % 8)) "$f"; done
mkfifo fifo; chown 12345:54321 fifo 'tracked 3'
: > "$(printf 'not utf-8 \377\376')"; : > "$(printf 'new\nline')"; : > ' -rf *'
mkdir closed; : > closed/in; chmod 000 closed/in; chmod 111 closed
: > sticky; chmod 6755 sticky; touch -d '1999-12-31 23:59:59.123456789' sticky
`;

/** Git must not even refresh its index. */
const FACTS = String.raw`
find . -type d -printf '%P %y %#m %U:%G %T@\0' -o -printf '%P %y %#m %U:%G %T@ %s %n %l\0' |
  LC_ALL=C sort -z | od -An -tx1 -v
find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
git submodule status --recursive; git -C 'sub module' for-each-ref; git reflog
git for-each-ref; git rev-parse HEAD; git stash list; git --no-optional-locks status --porcelain -z --ignored | od -An -tx1 -v
git fsck --full --strict 2>&1 | grep -v '^dangling\|^notice' || true
`;

/** Makes the mess in a directory; `seed` makes it another one. */
export async function makeMess(dir: string, seed: number): Promise<void> {
  const upstream = await Deno.makeTempDir({ prefix: "carrel-mess-" });
  try {
    await shell(dir, MESS, { SEED: String(seed), UPSTREAM: upstream });
  } finally {
    await Deno.remove(upstream, { recursive: true });
  }
}

/** Names, kinds, modes, owners, sizes, times, links, contents, and all that git knows. */
export async function describeMess(dir: string): Promise<string> {
  return await shell(dir, FACTS, {});
}

async function shell(cwd: string, script: string, env: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", script],
    cwd,
    env: { ...env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
