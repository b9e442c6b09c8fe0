#!/bin/sh
# Rendered by spacectl.
# Makes this host a worker: run it as root from the folder it is in. Safe to run again: it restarts the service only if
# something changed.
set -eu
umask 077
cd "$(dirname "$0")"
root=${SPACELIFT_INSTALL_ROOT:-}
changed=no

say() { echo "install: $*"; }
fail() {
  echo "install: $*" >&2
  exit 1
}

# put FILE DESTINATION MODE: copies in one move, if the bytes or the mode differ.
put() {
  if cmp -s "$1" "$root$2" && [ "$(stat -c %a "$root$2")" = "$3" ]; then return; fi
  (umask 022 && mkdir -p "$root${2%/*}")
  cp "$1" "$root$2.new"
  chmod "$3" "$root$2.new"
  mv -f "$root$2.new" "$root$2"
  changed=yes
  say "wrote $2"
}

# The runner images run as UID 1983 too: what they write into /opt/spacelift belongs to the same user.
make_user() {
  getent group docker >/dev/null || fail "there is no group docker: install Docker first"
  if ! getent passwd spacelift >/dev/null; then
    owner=$(getent passwd 1983 | cut -d : -f 1)
    [ -z "$owner" ] || fail "UID 1983 belongs to $owner: free it first"
    getent group spacelift >/dev/null || groupadd --gid 1983 spacelift
    useradd --uid 1983 --gid spacelift --home-dir /opt/spacelift --no-create-home --shell /usr/sbin/nologin spacelift
    say "created the user spacelift"
  fi
  usermod --append --groups docker spacelift
}

for file in install.sh launcher.env spacelift-launcher.service spacelift-update-launcher; do
  [ -f "$file" ] || fail "$file is missing: copy the whole folder"
done
if [ -z "$root" ]; then
  [ "$(id -u)" -eq 0 ] || fail "needs root"
  for program in gpg sha256sum awk od; do
    command -v "$program" >/dev/null || fail "$program is missing: install it first"
  done
  command -v curl >/dev/null || command -v wget >/dev/null || fail "curl or wget is missing: install one first"
  make_user
  install -d -o spacelift -g spacelift -m 755 /opt/spacelift /var/log/spacelift
fi

put launcher.env /etc/spacelift/launcher.env 600
if [ -f secrets.env ]; then put secrets.env /etc/spacelift/secrets.env 600; fi
if [ -f custom-ca-bundle.crt ]; then put custom-ca-bundle.crt /etc/spacelift/custom-ca-bundle.crt 644; fi
put spacelift-update-launcher /usr/local/sbin/spacelift-update-launcher 755
put spacelift-launcher.service /etc/systemd/system/spacelift-launcher.service 644

if [ -n "$root" ]; then exit 0; fi
systemctl daemon-reload
systemctl enable spacelift-launcher.service
if [ ! -f /etc/spacelift/secrets.env ]; then
  say "installed, but not started: /etc/spacelift/secrets.env is missing; it holds the token and the private key"
elif [ "$changed" = yes ]; then
  # At the first boot this script may run before the boot is complete: do not wait for it.
  systemctl --no-block restart spacelift-launcher.service
  say "started the service; follow it with: journalctl -fu spacelift-launcher"
else
  systemctl --no-block start spacelift-launcher.service
  say "nothing changed"
fi
