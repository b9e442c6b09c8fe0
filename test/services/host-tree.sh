#!/bin/sh
# host-tree.sh [SUITE [ready|bare]]: builds the tree of a small Debian host (bookworm by default) for tests that boot one,
# and prints its layers as overlayfs takes them (lowerdir=).
#   ready  has Docker, podman and everything else that the service needs (the default)
#   bare   has systemd and cloud-init only, and the packages that a first boot installs in a package source of its own
# Each suite is built once for each recipe, which is this file, and never changed afterwards: tests boot overlays of it.
# Needs root, debootstrap, and Debian's mirror the first time.
set -eu
suite=${1:-bookworm}
kind=${2:-ready}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/spacectl-test
trees=$cache/host-$suite-$(sha256sum <"$0" | cut -c 1-16)
mkdir -p "$cache"
case $kind in
  ready) layers=$trees/ready ;;
  bare) layers=$trees/source:$trees/bare ;;
esac
exec 9>"$cache/host-$suite.lock"
flock 9
if [ -e "$trees/.complete" ]; then
  echo "$layers"
  exit 0
fi

# in_tree TREE COMMAND: with Debian's mirror, and nothing started by packages.
in_tree() {
  cp /etc/resolv.conf "$1/etc/resolv.conf"
  printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
  chmod 755 "$1/usr/sbin/policy-rc.d"
  DEBIAN_FRONTEND=noninteractive chroot "$1" sh -euc "$2"
  rm -rf "$1/usr/sbin/policy-rc.d" "$1/etc/resolv.conf"
}

# What a first boot may install, with what that needs in turn.
missing='curl gnupg jq logrotate docker.io'
# From Debian 13 on, docker.io only recommends the program.
[ "$suite" = bookworm ] || missing="$missing docker-cli"

rm -rf "$trees"
mkdir "$trees"
bare=$trees/bare ready=$trees/ready
{
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,ca-certificates,iproute2,procps,openssl "$suite" "$bare"
  # Not in debootstrap's list: it does not resolve their virtual dependencies. dpkg need not wait for the disk.
  echo force-unsafe-io >"$bare/etc/dpkg/dpkg.cfg.d/test"
  # A mirror of sid may be old.
  in_tree "$bare" "apt-get -o Acquire::Check-Valid-Until=no update -q && apt-get install -q -y --no-install-recommends cloud-init && apt-get clean"
  # The control groups of a container are not to be divided: no bridge, no packet filter, no overlay on an overlay.
  mkdir -p "$bare/etc/docker"
  printf '{"storage-driver":"vfs","iptables":false,"ip6tables":false,"bridge":"none"}\n' >"$bare/etc/docker/daemon.json"
  mkdir -p "$bare/etc/containers"
  printf '[storage]\ndriver="vfs"\nrunroot="/run/containers/storage"\ngraphroot="/var/lib/containers/storage"\n' \
    >"$bare/etc/containers/storage.conf"
  printf '[engine]\ncgroup_manager="cgroupfs"\n' >"$bare/etc/containers/containers.conf"
  # The network is there before the host boots: nobody has to bring it up, or wait for it.
  for unit in systemd-networkd.service systemd-networkd.socket systemd-networkd-wait-online.service \
    apt-daily.timer apt-daily-upgrade.timer e2scrub_reap.service podman-auto-update.timer podman-restart.service; do
    ln -sf /dev/null "$bare/etc/systemd/system/$unit"
  done
  # Version 1 control groups are mounted read-only in a container of systemd's; Docker wants to write.
  mkdir -p "$bare/etc/systemd/system/docker.service.d"
  cat >"$bare/usr/local/sbin/open-control-groups" <<'SCRIPT'
#!/bin/sh
awk '$3 == "cgroup" && $2 ~ "^/sys/fs/cgroup" && $2 !~ "/systemd$" { print $2 }' /proc/mounts | while read -r path; do
  # The file system itself, which fails where the machine uses it, and then is writable already; then the mount.
  mount -t cgroup -o "remount,rw,${path##*/}" cgroup "$path" 2>/dev/null || true
  mount -o remount,bind,rw "$path"
done
SCRIPT
  chmod 755 "$bare/usr/local/sbin/open-control-groups"
  printf '[Service]\nExecStartPre=/usr/local/sbin/open-control-groups\n' \
    >"$bare/etc/systemd/system/docker.service.d/test.conf"
  printf 'datasource_list: [ NoCloud ]\nlocale: false\n' >"$bare/etc/cloud/cloud.cfg.d/90-test.cfg"

  cp -a "$bare" "$ready"
  # The packages a first boot installs go into a package source, before the rest.
  in_tree "$ready" "apt-get install -q -y --no-install-recommends --download-only $missing"
  source=$trees/source/srv/packages
  mkdir -p "$source" "$trees/source/etc/apt/sources.list.d"
  mv "$ready"/var/cache/apt/archives/*.deb "$source"
  in_tree "$ready" "apt-get install -q -y --no-install-recommends $missing iptables busybox-static podman crun \
    rootlesskit uidmap dbus-user-session && apt-get clean"
  (
    cd "$source"
    for package in *.deb; do
      dpkg-deb -f "$package"
      printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$package" "$(stat -c %s "$package")" \
        "$(sha256sum "$package" | cut -d ' ' -f 1)"
    done >Packages
  )
  echo 'deb [trusted=yes] file:/srv/packages ./' >"$trees/source/etc/apt/sources.list"
  rm -rf "$bare"/var/lib/apt/lists/* "$ready"/var/lib/apt/lists/* "$bare"/var/cache/apt/*.bin "$ready"/var/cache/apt/*.bin \
    "$bare/etc/machine-id" "$ready/etc/machine-id"
  touch "$trees/.complete"
} >&2
echo "$layers"
