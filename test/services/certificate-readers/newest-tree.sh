#!/bin/sh
# Makes a tree with the newest Go, Python, OpenSSL and GnuTLS that Debian has, and prints its folder. Made once for each
# recipe, which is this file; the versions in it are those of that day. Needs root and debootstrap.
set -eu
cache=${XDG_CACHE_HOME:-$HOME/.cache}/spacectl-test
tree=$cache/readers-$(sha256sum <"$0" | cut -c 1-16)
mkdir -p "$cache"
exec 9>"$cache/readers.lock"
flock 9
if [ ! -e "$tree/.complete" ]; then
  rm -rf "$tree"
  debootstrap --variant=minbase --include=ca-certificates,openssl,python3-minimal,golang-go,libgnutls30t64 sid "$tree" >&2
  touch "$tree/.complete"
fi
echo "$tree"
