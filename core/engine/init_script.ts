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
 * Reads `CARREL_WORKSPACE`, `CARREL_AGENT_CONFIG`, `CARREL_UPSTREAM`, `CARREL_SEED` (the commit of a clone that
 * carrel has put into a new workspace, which will do when the upstream cannot be reached), `GIT_BRANCH`,
 * `GIT_RESET_MODE` (`none`, `hard` or `soft`: what a start without the marker does after its fetch).
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

# Resets the workspace to the remote's head, or to the seed when the remote cannot be reached; $why says
# what was in the way.
start_fresh() {
  if [ ! -d "$ws/.git" ]; then
    why="cannot make a repository in the workspace"
    g init -q && g remote add origin "$upstream" || return 1
  fi
  why="cannot fetch from $upstream"
  if g fetch -q --force --prune --tags origin '+refs/heads/*:refs/remotes/origin/*'; then
    branch=$(target)
    commit=\${branch:+refs/remotes/origin/$branch}
  elif [ -n "$seed" ]; then
    say "warning: $why; the workspace starts from its seed, $seed"
    branch=$(g symbolic-ref --quiet --short HEAD)
    commit=$seed
  else
    return 1
  fi
  if [ -n "$commit" ] && [ -n "$branch" ]; then
    why="cannot check out $branch"
    checkout -B "$branch" "$commit" || return 1
    g branch -q --set-upstream-to="origin/$branch" "$branch" || :
  elif [ -n "$commit" ]; then
    why="cannot check out $commit"
    checkout --detach "$commit" || return 1
  elif g fetch -q origin HEAD 2>/dev/null; then
    why="cannot check out the head of $upstream"
    checkout --detach FETCH_HEAD || return 1
  elif [ -z "$(g for-each-ref --count=1 refs/remotes/origin)" ]; then
    say "warning: $upstream has no commits yet; the workspace is an empty repository"
    branch=\${GIT_BRANCH:-$(remote_head)}
    [ -z "$branch" ] || g symbolic-ref HEAD "refs/heads/$branch" || :
    return 0
  else
    die "cannot tell the default branch of $upstream; set git.default_branch"
  fi
  why="cannot clean the workspace"
  g clean -q -ffdx -e /.new-task-marker || return 1
}

# The files of a seed are copies: their inodes and change times say nothing. And they are as the repository
# holds them: a git that converts any (large files, line ends) writes all of them anew.
checkout() {
  if g config --get-regexp '^(filter\\..*\\.(smudge|process)|core\\.(autocrlf|eol))$' >/dev/null; then
    rm -f "$ws/.git/index"
  fi
  g -c core.checkStat=minimal checkout -q -f "$@"
}

if [ -n "$fresh" ]; then
  rm -rf "$cfg/.base"
  seed=
  if [ ! -d "$ws/.git" ] || [ "$(g config --get remote.origin.url)" != "$upstream" ]; then
    wipe || die "cannot empty the workspace"
  elif [ -n "\${CARREL_SEED:-}" ]; then
    seed=$(g rev-parse --verify --quiet "$CARREL_SEED^{commit}") || wipe || die "cannot empty the workspace"
  fi
  if ! start_fresh; then
    # A seed may have been damaged by a loss of power, for one: then nothing of it is worth keeping.
    [ -n "$seed" ] || die "$why"
    say "warning: $why; the workspace is cloned anew"
    seed=
    wipe && start_fresh || die "$why"
  fi
  if g rev-parse --verify --quiet HEAD >/dev/null; then
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
