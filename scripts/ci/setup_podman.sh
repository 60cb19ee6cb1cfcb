#!/bin/sh
# Makes podman able to run containers on a bare Debian machine, rootful and rootless.
#
#   eval "$(scripts/ci/setup_podman.sh /etc/carrel-ci-containers.conf)"
#
# Run as root. Installs what is missing, writes the given configuration file and prints the exports that
# make podman read it. Doing it again changes nothing.
set -eu

if [ $# -ne 1 ]; then
  echo "usage: $0 FILE" >&2
  exit 2
fi
case $1 in
  /*) conf=$1 ;;
  *) conf=$PWD/$1 ;;
esac

# netavark sets up bridges with iptables but only suggests it.
packages="podman runc netavark aardvark-dns iptables uidmap slirp4netns fuse-overlayfs busybox-static git"
missing=""
for package in $packages; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
if [ -n "$missing" ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update >&2
  # shellcheck disable=SC2086 # one word for each package
  apt-get install --yes --no-install-recommends $missing >&2
fi

# runc: crun fails on hosts with cgroups of both versions. The limits: raising them needs a capability that
# build machines lack. The file logger: there is no journal.
mkdir -p "$(dirname "$conf")"
cat > "$conf.new" << 'END'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
END
chmod 0644 "$conf.new"
mv "$conf.new" "$conf"

printf "export CONTAINERS_CONF='%s'\n" "$(printf %s "$conf" | sed "s/'/'\\\\''/g")"
