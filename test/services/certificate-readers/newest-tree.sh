#!/bin/sh
# Makes a tree with the newest Go, Python, OpenSSL and GnuTLS that Debian has, and prints its folder. Made once for each
# recipe, which is this file; the versions in it are those of that day. Needs root and debootstrap.
set -eu
name=readers
. "$(dirname "$0")/../made-once.sh"
debootstrap --variant=minbase --include=ca-certificates,openssl,python3-minimal,golang-go,libgnutls30t64 sid "$folder" >&2
made
