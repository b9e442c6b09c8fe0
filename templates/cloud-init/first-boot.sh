#!/bin/sh
# Rendered by spacectl.
# Runs on first boot: installs Docker and other missing programs, turns this host into a worker, and removes its own files.
set -eu
cd "$(dirname "$0")"
attempts=5

say() { echo "first-boot: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

# Package managers use the proxies too.
set -a
# shellcheck source=/dev/null
. ./launcher.env
set +a

# again COMMAND...: retries, because networks and mirrors may not be ready yet.
again() {
  attempt=1
  until "$@"; do
    [ "$attempt" -lt "$attempts" ] || fail "failed $attempts times: $*"
    attempt=$((attempt + 1))
    sleep $((attempt * 5))
  done
}

has() { command -v "$1" >/dev/null; }

with_apt() {
  set --
  has curl || set -- "$@" curl
  has gpg || set -- "$@" gnupg
  has jq || set -- "$@" jq
#?docker   has docker || set -- "$@" docker.io
#?podman   has podman || set -- "$@" podman
#?rootless   has docker || set -- "$@" docker.io rootlesskit uidmap dbus-user-session slirp4netns
#?files   has logrotate || set -- "$@" logrotate
  [ $# -gt 0 ] || return 0
  again apt-get -q update
  DEBIAN_FRONTEND=noninteractive again apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@"
}

with_dnf() {
  set --
  has curl || set -- "$@" curl
  has gpg || set -- "$@" gnupg2
  has jq || set -- "$@" jq
#?podman   has podman || set -- "$@" podman
#?files   has logrotate || set -- "$@" logrotate
#?!podman   if ! has docker; then
#?!podman     case $ID in
#?!podman       amzn) set -- "$@" docker ;;
#?!podman       fedora | rhel) repository=$ID ;;
#?!podman       *) repository=centos ;;
#?!podman     esac
#?!podman     if [ "$ID" != amzn ]; then
#?!podman       # Red Hat has no Docker package, so use Docker's own repository, whose packages are signed.
#?!podman       again curl --fail --silent --show-error --location --proto '=https' \
#?!podman         --output /etc/yum.repos.d/docker-ce.repo "https://download.docker.com/linux/$repository/docker-ce.repo"
#?!podman       set -- "$@" docker-ce docker-ce-cli containerd.io
#?!podman     fi
#?!podman   fi
  [ $# -gt 0 ] || return 0
  again dnf -q -y install "$@"
}

ID=
ID_LIKE=
# shellcheck source=/dev/null
. /etc/os-release
case " $ID $ID_LIKE " in
  *' debian '* | *' ubuntu '*) with_apt ;;
  *' amzn '* | *' rhel '* | *' fedora '* | *' centos '*) with_dnf ;;
  *) say "unknown distribution $ID: the image must have Docker and the programs that the scripts need" ;;
esac
#?docker systemctl enable docker.service
#?docker systemctl start docker.service
sh ./install.sh
cd /
rm -rf @folder@
