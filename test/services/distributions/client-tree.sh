#!/bin/sh
# client-tree.sh SUITE: builds a tree of a suite of Debian with programs that trust CA certificates, curl, git, Python, pip
# and Java, as packages install them, and prints its path.
# Each suite is built once for each recipe, which is this file, and never changed afterwards: tests use overlays of it.
# Needs root, debootstrap, and Debian's mirror the first time.
set -eu
suite=$1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/spacectl-test
tree=$cache/clients-$suite-$(sha256sum <"$0" | cut -c 1-16)
mkdir -p "$cache"
exec 9>"$cache/clients-$suite.lock"
flock 9
if [ ! -e "$tree.complete" ]; then
  {
    rm -rf "$tree"
    debootstrap --variant=minbase --include=ca-certificates,openssl,curl,git,python3 "$suite" "$tree"
    # dpkg need not wait for the disk.
    echo force-unsafe-io >"$tree/etc/dpkg/dpkg.cfg.d/test"
    cp /etc/resolv.conf "$tree/etc/resolv.conf"
    # Not in debootstrap's list: it does not resolve their virtual dependencies. A mirror of an old suite is never new, and
    # the package of Java's key store wants /proc.
    unshare --mount sh -euc '
      mount -t proc proc "$1/proc"
      export DEBIAN_FRONTEND=noninteractive
      chroot "$1" apt-get -o Acquire::Check-Valid-Until=no update -q
      chroot "$1" apt-get install -q -y --no-install-recommends default-jdk-headless python3-pip python3-requests
    ' sh "$tree"
    ln -s default-java "$tree/usr/lib/jvm/java"
    rm -rf "$tree"/var/lib/apt/lists/* "$tree"/var/cache/apt/* "$tree/etc/resolv.conf"
    touch "$tree.complete"
  } >&2
fi
echo "$tree"
