#!/bin/sh
# Prints the file of ECS's API model that knows versionConsistency: Debian's python3-botocore from Debian 13 on. On Debian 12
# the package is older (1.29); there the model of Debian 13's is downloaded once, from Debian's mirror, and the installed
# package validates with it. Needs root for nothing.
set -eu
installed=/usr/lib/python3/dist-packages/botocore/data/ecs/2014-11-13/service-2.json
for file in "$installed" "$installed.gz"; do
  if [ -e "$file" ] && gzip -dcf "$file" | grep -q '"versionConsistency"'; then
    echo "$file"
    exit 0
  fi
done
cache=${XDG_CACHE_HOME:-$HOME/.cache}/spacectl-test
folder=$cache/botocore-trixie
mkdir -p "$cache"
exec 9>"$folder.lock"
flock 9
if [ ! -e "$folder/service-2.json" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$folder"
  echo 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main' >"$work/sources.list"
  # apt of its own: the machine's lists and packages stay as they are.
  cd "$work"
  own="-q -o Dir::Etc::sourcelist=$work/sources.list -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists=$work/lists
    -o Dir::Cache=$work/cache -o Dir::State::status=/dev/null -o APT::Sandbox::User=$(id -un)"
  # shellcheck disable=SC2086 # a list of words on purpose
  apt-get $own update >&2
  # shellcheck disable=SC2086
  apt-get $own download python3-botocore >&2
  dpkg-deb -x python3-botocore_*.deb out
  cp "out$installed" "$folder/service-2.json.new"
  mv "$folder/service-2.json.new" "$folder/service-2.json"
fi
echo "$folder/service-2.json"
