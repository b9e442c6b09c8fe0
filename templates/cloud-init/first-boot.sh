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

#?poweroff # A group replaces an instance that stops. The minute is for cloud-init to record the error, and for agents to ship logs.
#?poweroff power_off() {
#?poweroff   [ $? -eq 0 ] || systemd-run --quiet --on-active=60 systemctl poweroff
#?poweroff }
#?poweroff trap power_off EXIT
#?poweroff 
#include host/setting.sh

# Package managers use the proxies too.
for name in HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy all_proxy; do
  value=$(setting $name launcher.env)
  [ -z "$value" ] || export "$name=$value"
done

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
#?!podman # Docker is recognized by its unit, whichever package it is from.
#?!podman has_unit() { systemctl cat "$1" >/dev/null 2>&1; }

# apt waits for dpkg's lock (DPkg::Lock::Timeout), but not for the two that its own daily run holds on a first boot. They
# are not for flock(1); but where cloud-init runs, there is Python.
wait_for_apt() {
  timeout 600 python3 -c 'import fcntl, sys
for path in sys.argv[1:]: fcntl.lockf(open(path, "a"), fcntl.LOCK_EX)' \
    /var/lib/apt/lists/lock /var/cache/apt/archives/lock 2>/dev/null || true
}

# The lists are fetched again each time, because without a network apt-get fetches none and succeeds.
apt_install() {
  wait_for_apt
  apt-get -q update || say "not all package sources answer"
  wait_for_apt
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@"
}

with_apt() {
  set --
  has curl || set -- "$@" curl
  has gpg || set -- "$@" gnupg
  has jq || set -- "$@" jq
  has ss || set -- "$@" iproute2
#?aws   has aws || set -- "$@" awscli
#?!podman   has_unit docker.service || set -- "$@" docker.io
#?podman   has podman || set -- "$@" podman
#?rootless   has rootlesskit || set -- "$@" rootlesskit uidmap dbus-user-session slirp4netns
#?files   has logrotate || set -- "$@" logrotate
  [ $# -eq 0 ] || again apt_install "$@"
#?!podman   # From Debian 13 on, docker.io only recommends this program.
#?!podman   has docker || again apt_install docker-cli
}

with_dnf() {
  has dnf || fail "dnf is missing: use an image of a newer release"
  set --
  has curl || set -- "$@" curl
  has gpg || set -- "$@" gnupg2
  has jq || set -- "$@" jq
  has cmp || set -- "$@" diffutils
  has ss || set -- "$@" iproute
#?podman   has podman || set -- "$@" podman
#?files   has logrotate || set -- "$@" logrotate
#?!podman   if ! has_unit docker.service; then
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
  # dnf waits for other package managers itself (exit_on_lock in dnf.conf(5)).
  again dnf -q -y install "$@"
}

#?docker # Before another Docker is installed beside it. install.sh refuses it too.
#?docker if has_unit snap.docker.dockerd.service; then
#?docker   fail "Docker is installed as a snap, which cannot mount /opt/spacelift into containers: use an image without it"
#?docker fi
ID=
ID_LIKE=
# shellcheck source=/dev/null
. /etc/os-release
case " $ID $ID_LIKE " in
  *' debian '* | *' ubuntu '*) with_apt ;;
  *' amzn '* | *' rhel '* | *' fedora '* | *' centos '*) with_dnf ;;
  *) say "unknown distribution $ID: nothing is installed" ;;
esac
# install.sh verifies the programs of its own scripts.
#?!podman has docker || fail "docker is missing after its packages were installed: use an image that has it"
#?podman has podman || fail "podman is missing after its package was installed: use an image that has it"
#?files has logrotate || fail "logrotate is missing after its package was installed: use an image that has it"
#?docker systemctl enable docker.service
#?docker systemctl start docker.service || fail "Docker does not start"
#?embedded (umask 077 && printf 'SPACELIFT_TOKEN=%s\nSPACELIFT_POOL_PRIVATE_KEY=%s\n' \
#?embedded   "$(base64 -w 0 token.json)" "$(base64 -w 0 spacelift.key)" >secrets.env)
sh ./install.sh
cd /
rm -rf @folder@
