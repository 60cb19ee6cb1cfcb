/**
 * The script that prepares a workspace inside the container and then becomes the task's command.
 *
 * POSIX sh, so that it runs in any image that has `sh` and `git`. What it does depends on the
 * new-task marker: present = the workspace is reset to the remote's head and the marker deleted
 * last; absent = fetch only, local work is untouched.
 *
 * @module
 */

/** File name of the script inside the agent-config directory. */
export const INIT_SCRIPT_NAME = "init.sh";

/** Exit status of the script when it could not prepare a new workspace. */
export const INIT_FAILED_EXIT = 125;

/**
 * The text of the script.
 *
 * Reads `CARREL_WORKSPACE`, `CARREL_AGENT_CONFIG`, `CARREL_UPSTREAM`, `GIT_BRANCH`, `GIT_RESET_MODE`
 * (`none`, `hard` or `soft`: what a start without the marker does after its fetch).
 * Writes `.base` (the commit the workspace was reset to) and `.ready` in the agent-config directory.
 */
export const INIT_SCRIPT = `#!/bin/sh
# Prepares the workspace, then becomes the command given as arguments.
ws=\${CARREL_WORKSPACE:-/workspace}
cfg=\${CARREL_AGENT_CONFIG:-/home/dev/.terok}
upstream=\${CARREL_UPSTREAM:-}
marker=$ws/.new-task-marker
say() { echo "carrel: $*" >&2; }
die() { say "$*"; exit ${INIT_FAILED_EXIT}; }

# Whatever an earlier run left under these names, directories and fifos too.
rm -rf "$cfg/.ready" "$cfg/.init-gitconfig"
fresh=
[ -e "$marker" ] && fresh=yes

if ! command -v git >/dev/null 2>&1; then
  [ -n "$fresh" ] && die "this image has no git, which git.upstream_url needs; use an image with git, or unset git.upstream_url"
  say "warning: this image has no git; the workspace is left as it is"
fi

# The upstream may be a directory of another user. Only a file that git reads as its global
# configuration also reaches the upload-pack process that serves a local path.
GIT_CONFIG_GLOBAL=$cfg/.init-gitconfig
printf '[safe]\\n\\tdirectory = *\\n[include]\\n\\tpath = %s\\n' "\${HOME:-/root}/.gitconfig" > "$GIT_CONFIG_GLOBAL" ||
  die "cannot write to $cfg"
export GIT_CONFIG_GLOBAL
GIT_TERMINAL_PROMPT=0
export GIT_TERMINAL_PROMPT
g() { git -c core.hooksPath=/dev/null -c core.fsmonitor=false -C "$ws" "$@"; }

# Empties the workspace but for the marker.
wipe() {
  for entry in "$ws"/* "$ws"/.[!.]* "$ws"/..?*; do
    [ "$entry" = "$marker" ] && continue
    [ -e "$entry" ] || [ -L "$entry" ] || continue
    rm -rf "$entry" || return 1
  done
}

# The branch that the remote's head names; nothing when its head is detached.
remote_head() {
  g ls-remote --symref origin HEAD | sed -n 's|^ref: refs/heads/\\(.*\\)[[:space:]]HEAD$|\\1|p'
}

# The branch to reset to: the wanted one if the remote has it, else the remote's head.
target() {
  if [ -n "\${GIT_BRANCH:-}" ]; then
    if g rev-parse --verify --quiet "refs/remotes/origin/$GIT_BRANCH^{commit}" >/dev/null; then
      echo "$GIT_BRANCH"
      return
    fi
    say "warning: the remote has no branch $GIT_BRANCH; using its default branch"
  fi
  remote_head
}

if [ -n "$fresh" ]; then
  rm -rf "$cfg/.base"
  if [ -d "$ws/.git" ]; then
    [ "$(g config --get remote.origin.url)" = "$upstream" ] || wipe || die "cannot empty the workspace"
  else
    wipe || die "cannot empty the workspace"
  fi
  if [ ! -d "$ws/.git" ]; then
    g init -q && g remote add origin "$upstream" || die "cannot make a repository in the workspace"
  fi
  g fetch -q --prune --tags origin '+refs/heads/*:refs/remotes/origin/*' || die "cannot fetch from $upstream"
  branch=$(target)
  if [ -n "$branch" ]; then
    g checkout -q -f -B "$branch" "refs/remotes/origin/$branch" || die "cannot check out $branch"
    g branch -q --set-upstream-to="origin/$branch" "$branch" || :
  elif g fetch -q origin HEAD 2>/dev/null; then
    g checkout -q -f --detach FETCH_HEAD || die "cannot check out the head of $upstream"
  elif [ -z "$(g for-each-ref --count=1 refs/remotes/origin)" ]; then
    say "warning: $upstream has no commits yet; the workspace is an empty repository"
    branch=\${GIT_BRANCH:-$(remote_head)}
    [ -z "$branch" ] || g symbolic-ref HEAD "refs/heads/$branch" || :
  else
    die "cannot tell the default branch of $upstream; set git.default_branch"
  fi
  if g rev-parse --verify --quiet HEAD >/dev/null; then
    g clean -q -ffdx -e /.new-task-marker || die "cannot clean the workspace"
    g rev-parse HEAD > "$cfg/.base" || die "cannot write to $cfg"
  fi
elif [ ! -d "$ws/.git" ]; then
  say "warning: the workspace has no .git directory; it is left as it is"
elif ! g fetch -q --prune origin; then
  say "warning: cannot fetch from $upstream; the workspace is left as it is"
else
  case "\${GIT_RESET_MODE:-none}" in
    hard | soft)
      branch=$(target)
      [ -z "$branch" ] || g reset -q "--$GIT_RESET_MODE" "refs/remotes/origin/$branch" ||
        say "warning: cannot reset to origin/$branch"
      ;;
    none) ;;
    *) say "warning: GIT_RESET_MODE is none, hard or soft, not $GIT_RESET_MODE; nothing was reset" ;;
  esac
fi

rm -f "$GIT_CONFIG_GLOBAL"
unset GIT_CONFIG_GLOBAL GIT_TERMINAL_PROMPT
: > "$cfg/.ready" || die "cannot write to $cfg"
rm -f "$marker"
exec "$@"
`;
