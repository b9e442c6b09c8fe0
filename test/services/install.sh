#!/bin/sh
# Installs the programs that the tests run, as Debian packages; needs root or sudo. Debian has no Terraform: if it is not
# on the PATH, this script says so at its end, and under CI=true it fails.
set -eu
packages="docker-registry skopeo umoci openssl gnupg cloud-init systemd shellcheck tmux apache2-utils busybox-static
  dash curl git wget ca-certificates docker.io containerd podman buildah binutils zstd xz-utils systemd-container debootstrap iproute2 gcc libc6-dev libgnutls28-dev
  golang-go awscli python3-botocore docker-compose ansible ansible-lint jq logrotate wine wine64 openssh-client bash-completion zsh fish"
missing=""
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
  as_root=""
  [ "$(id -u)" -eq 0 ] || as_root=sudo
  $as_root apt-get update -q
  # shellcheck disable=SC2086 # a list of words on purpose
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends $missing
fi
if ! command -v terraform >/dev/null; then
  echo "terraform is not on the PATH, and Debian has no package for it." >&2
  echo "Tests that need it are skipped; under CI=true they fail." >&2
  echo "Try: install it from https://developer.hashicorp.com/terraform/install" >&2
  [ "${CI:-}" != true ] || exit 1
fi
