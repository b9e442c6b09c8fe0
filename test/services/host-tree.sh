#!/bin/sh
# Builds the tree of a small Debian host (systemd, cloud-init, Docker, podman) for tests that boot one, and prints its folder.
# It is built once for each recipe, which is this file, and never changed afterwards: tests boot copies of it.
# Needs root, debootstrap, and Debian's mirror the first time.
set -eu
cache=${XDG_CACHE_HOME:-$HOME/.cache}/spacectl-test
tree=$cache/host-$(sha256sum <"$0" | cut -c 1-16)
mkdir -p "$cache"
exec 9>"$cache/host.lock"
flock 9
if [ -e "$tree/.complete" ]; then
  echo "$tree"
  exit 0
fi
rm -rf "$tree"
{
  debootstrap --variant=minbase \
    --include=systemd,systemd-sysv,dbus,ca-certificates,curl,gnupg,jq,iproute2,procps,openssl,logrotate \
    bookworm "$tree"
  cp /etc/resolv.conf "$tree/etc/resolv.conf"
  # Not in debootstrap's list: it does not resolve their virtual dependencies. Nothing is started while it is built.
  printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
  chmod 755 "$tree/usr/sbin/policy-rc.d"
  DEBIAN_FRONTEND=noninteractive chroot "$tree" sh -c '
    apt-get update -q && apt-get install -q -y --no-install-recommends cloud-init docker.io iptables busybox-static \
      podman crun rootlesskit uidmap dbus-user-session'
  rm -rf "$tree/usr/sbin/policy-rc.d" "$tree/etc/resolv.conf" "$tree"/var/cache/apt/*.bin \
    "$tree"/var/cache/apt/archives/*.deb "$tree"/var/lib/apt/lists/* "$tree/etc/machine-id"
  # The control groups of a container are not to be divided: no bridge, no packet filter, no overlay on an overlay.
  mkdir -p "$tree/etc/docker"
  printf '{"storage-driver":"vfs","iptables":false,"ip6tables":false,"bridge":"none"}\n' >"$tree/etc/docker/daemon.json"
  mkdir -p "$tree/etc/containers"
  printf '[storage]\ndriver="vfs"\nrunroot="/run/containers/storage"\ngraphroot="/var/lib/containers/storage"\n' \
    >"$tree/etc/containers/storage.conf"
  printf '[engine]\ncgroup_manager="cgroupfs"\n' >"$tree/etc/containers/containers.conf"
  # The network is there before the host boots: nobody has to bring it up, or wait for it.
  for unit in systemd-networkd.service systemd-networkd.socket systemd-networkd-wait-online.service \
    apt-daily.timer apt-daily-upgrade.timer e2scrub_reap.service podman-auto-update.timer podman-restart.service; do
    ln -sf /dev/null "$tree/etc/systemd/system/$unit"
  done
  # Version 1 control groups are mounted read-only in a container of systemd's; Docker wants to write.
  mkdir -p "$tree/etc/systemd/system/docker.service.d"
  cat >"$tree/usr/local/sbin/open-control-groups" <<'SCRIPT'
#!/bin/sh
awk '$3 == "cgroup" && $2 ~ "^/sys/fs/cgroup" && $2 !~ "/systemd$" { print $2 }' /proc/mounts | while read -r path; do
  # The file system itself, which fails where the machine uses it, and then is writable already; then the mount.
  mount -t cgroup -o "remount,rw,${path##*/}" cgroup "$path" 2>/dev/null || true
  mount -o remount,bind,rw "$path"
done
SCRIPT
  chmod 755 "$tree/usr/local/sbin/open-control-groups"
  printf '[Service]\nExecStartPre=/usr/local/sbin/open-control-groups\n' \
    >"$tree/etc/systemd/system/docker.service.d/test.conf"
  printf 'datasource_list: [ NoCloud ]\nlocale: false\n' >"$tree/etc/cloud/cloud.cfg.d/90-test.cfg"
  touch "$tree/.complete"
} >&2
echo "$tree"
