#!/bin/bash
# Builds the image of the tests for the current user unless it is there: busybox, git and two accounts.
#
#   scripts/ci/test_image.sh
#
# No registry is asked: everything comes from this machine (Debian's busybox-static and git).
set -euo pipefail

image=${CARREL_TEST_IMAGE:-localhost/carrel-test}
# Raised with every change of the content below.
recipe=2

if [ "$(podman image inspect --format '{{index .Labels "test-image-recipe"}}' "$image" 2> /dev/null)" = "$recipe" ]; then
  echo "$image is there"
  exit 0
fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 0755 "$root"
mkdir -p "$root"/{bin,dev,etc,proc,root,sys,tmp,usr/bin,usr/lib,usr/share/git-core/templates,workspace}
chmod 1777 "$root/tmp"
chmod 0777 "$root/workspace"

busybox=$(command -v busybox)
cp "$busybox" "$root/bin/busybox"
"$busybox" --list | while read -r applet; do
  # Its own name is in the list, and so are programs that come from git below.
  [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"
done

cp "$(command -v git)" "$root/usr/bin/git"
cp -a "$(git --exec-path)" "$root/usr/lib/git-core"
# The program, its libraries and its loader, wherever this machine's architecture keeps them.
ldd "$root/usr/bin/git" | grep -o '/[^ ]*' | while read -r library; do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done

cat > "$root/etc/passwd" << 'END'
root:x:0:0:root:/root:/bin/sh
dev:x:1234:2345:dev:/workspace:/bin/sh
END
cat > "$root/etc/group" << 'END'
root:x:0:
dev:x:2345:
END

tar --create --directory "$root" --owner=0 --group=0 . |
  podman import --quiet \
    --change 'ENV PATH=/bin:/usr/bin' \
    --change 'CMD ["sh"]' \
    --change "LABEL test-image-recipe=$recipe" \
    - "$image"
