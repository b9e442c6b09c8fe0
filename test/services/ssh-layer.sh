#!/bin/sh
# ssh-layer.sh: builds a layer with an OpenSSH server and sudo on the tree of a Debian 12 host, and prints its directory. It
# is built once for each recipe of the tree and of this file. Needs root and Debian's mirror the first time.
set -eu
here=$(dirname "$0")
tree=$(sh "$here/host-tree.sh" bookworm ready 2>/dev/null)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/spacectl-test
layer=$cache/ssh-$(cat "$0" "$here/host-tree.sh" | sha256sum | cut -c 1-16)
exec 9>"$cache/ssh.lock"
flock 9
if [ ! -e "$layer.complete" ]; then
  work=$(mktemp -d "$cache/ssh-work.XXXXXX")
  rm -rf "$layer"
  mkdir -p "$layer" "$work/work" "$work/root"
  {
    mount -t overlay overlay -o "lowerdir=$tree,upperdir=$layer,workdir=$work/work" "$work/root"
    trap 'umount "$work/root"; rm -rf "$work"' EXIT
    cp /etc/resolv.conf "$work/root/etc/resolv.conf"
    printf '#!/bin/sh\nexit 101\n' >"$work/root/usr/sbin/policy-rc.d"
    chmod 755 "$work/root/usr/sbin/policy-rc.d"
    DEBIAN_FRONTEND=noninteractive chroot "$work/root" sh -euc 'apt-get update -q
      apt-get install -q -y --no-install-recommends openssh-server sudo python3-minimal && apt-get clean'
    rm -rf "$work/root/usr/sbin/policy-rc.d" "$work/root/etc/resolv.conf" "$work/root"/var/lib/apt/lists/* \
      "$work/root"/var/cache/apt/*.bin "$work/root"/etc/ssh/ssh_host_*
  } >&2
  touch "$layer.complete"
fi
echo "$layer"
