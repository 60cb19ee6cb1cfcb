/**
 * The script that shows a workspace's changes, run where the task runs and never on the host.
 *
 * @module
 */

/**
 * Arguments: KIND (`base`, `head` or `prev`), COMMIT (for `base`), then options for `git diff`.
 *
 * Works on a read-only workspace: the index is a copy, and objects go to a directory of its own, so
 * that untracked files can be shown. Hooks, fsmonitor, external diffs, text conversions and filters
 * that the workspace's configuration names are switched off.
 */
export const DIFF_SCRIPT = `
ws=\${CARREL_WORKSPACE:-/workspace}
kind=$1 commit=$2
shift 2
command -v git >/dev/null 2>&1 || { echo "carrel: this image has no git" >&2; exit 125; }
export GIT_OPTIONAL_LOCKS=0
g() { git -c safe.directory='*' -c core.hooksPath=/dev/null -c core.fsmonitor=false -C "$ws" "$@"; }
gitdir=$(g rev-parse --absolute-git-dir 2>/dev/null) || {
  echo "carrel: the workspace is not a git repository" >&2
  exit 125
}
tmp=\${TMPDIR:-/tmp}/carrel-diff.$$
mkdir -p "$tmp/objects" || exit 125
trap 'rm -rf "$tmp"' EXIT
[ ! -f "$gitdir/index" ] || cp "$gitdir/index" "$tmp/index" || exit 125
export GIT_INDEX_FILE="$tmp/index" GIT_OBJECT_DIRECTORY="$tmp/objects"
export GIT_ALTERNATE_OBJECT_DIRECTORIES="$gitdir/objects"
n=0
for name in $(g config --name-only --get-regexp '^filter\\..*\\.(clean|smudge|process|required)$'); do
  export "GIT_CONFIG_KEY_$n=$name"
  case $name in
    *.required) export "GIT_CONFIG_VALUE_$n=false" ;;
    *) export "GIT_CONFIG_VALUE_$n=" ;;
  esac
  n=$((n + 1))
  export GIT_CONFIG_COUNT=$n
done
case $kind in
  base)
    g rev-parse --verify --quiet "$commit^{commit}" >/dev/null || {
      echo "carrel: the workspace no longer has the commit $commit" >&2
      exit 125
    }
    g add -A --intent-to-add . || exit 125
    g diff --no-ext-diff --no-textconv --no-color "$@" "$commit" --
    ;;
  head) g diff --no-ext-diff --no-textconv --no-color "$@" HEAD -- ;;
  prev) g diff --no-ext-diff --no-textconv --no-color "$@" HEAD~1 HEAD -- ;;
esac
`;
