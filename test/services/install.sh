#!/bin/sh
# Installs the real programs that the tests talk to. Debian packages only; needs root (or sudo).
set -eu
packages="docker-registry skopeo umoci openssl gnupg cloud-init systemd shellcheck tmux apache2-utils busybox-static
  dash curl wget ca-certificates docker.io podman zstd systemd-container debootstrap iproute2 gcc libc6-dev golang-go
  awscli docker-compose ansible jq logrotate"
missing=""
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
as_root=""
[ "$(id -u)" -eq 0 ] || as_root=sudo
$as_root apt-get update -q
# shellcheck disable=SC2086 # a list of words on purpose
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends $missing
