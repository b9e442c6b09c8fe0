#!/bin/sh
# Rendered by spacectl.
# Turns this host into a worker. Run it as root from its own folder. It is safe to run again: it restarts the service only
# if something changed.
set -eu
umask 077
cd "$(dirname "$0")"
root=${SPACELIFT_INSTALL_ROOT:-}
engine=@engine@
# One file a line: MODE GROUP NAME DESTINATION.
files=@files@
units=@units@
changed=no
# Exists from the first change until the restart, so that the next run knows if this one was interrupted. A reboot clears it.
pending=/run/spacelift-install.pending
if [ -z "$root" ] && [ -e $pending ]; then changed=yes; fi
#?trust resumed=$changed

say() { echo "install: $*"; }
fail() {
  echo "install: $*" >&2
  exit 1
}

mark_changed() {
  changed=yes
  if [ -z "$root" ]; then : >$pending; fi
}

# put FILE DESTINATION MODE GROUP: copies in one move, if the bytes or the mode differ.
put() {
  if cmp -s "$1" "$root$2" && [ "$(stat -c %a "$root$2")" = "$3" ]; then return; fi
  (umask 022 && mkdir -p "$root${2%/*}")
  cp "$1" "$root$2.new"
  if [ -z "$root" ]; then chgrp "$4" "$root$2.new"; fi
  chmod "$3" "$root$2.new"
  mark_changed
  mv -f "$root$2.new" "$root$2"
  say "wrote $2"
}

# The runner images also run as UID 1983, so this user owns what they write into /opt/spacelift.
make_user() {
  if [ "$engine" = docker ]; then
    getent group docker >/dev/null || fail "the group docker does not exist: install Docker first"
  fi
  if ! getent passwd spacelift >/dev/null; then
    owner=$(getent passwd 1983 | cut -d : -f 1)
    [ -z "$owner" ] || fail "UID 1983 belongs to $owner: free it first"
    getent group spacelift >/dev/null || groupadd --gid 1983 spacelift
    useradd --uid 1983 --gid spacelift --home-dir /opt/spacelift --no-create-home --shell /usr/sbin/nologin spacelift
    say "created the user spacelift"
  fi
  case $engine in
    docker) usermod --append --groups docker spacelift ;;
    rootless) loginctl enable-linger spacelift ;;
  esac
}

make_folders() {
  install -d -o spacelift -g spacelift -m 755 /opt/spacelift /var/log/spacelift
#?cache   install -d -o spacelift -g spacelift -m 755 /opt/spacelift/provider-cache
#?files   for log in info error; do
#?files     [ -e "/var/log/spacelift/$log.log" ] || install -o spacelift -g spacelift -m 640 /dev/null "/var/log/spacelift/$log.log"
#?files   done
}

#?trust # Your CA certificates for the programs of this host: the launcher, curl, Docker.
#?trust trust_certificates() {
#?trust   if command -v update-ca-certificates >/dev/null; then
#?trust     trusted=/usr/local/share/ca-certificates/spacelift-custom-ca.crt update=update-ca-certificates
#?trust   elif command -v update-ca-trust >/dev/null; then
#?trust     trusted=/etc/pki/ca-trust/source/anchors/spacelift-custom-ca.crt update=update-ca-trust
#?trust   else
#?trust     fail "neither update-ca-certificates nor update-ca-trust is installed: install ca-certificates"
#?trust   fi
#?trust   if [ "$resumed" = no ] && cmp -s custom-ca.crt "$root$trusted"; then return; fi
#?trust   put custom-ca.crt $trusted 644 root
#?trust   if [ -z "$root" ] && ! $update >/dev/null 2>&1; then
#?trust     rm -f $trusted
#?trust     fail "$update failed"
#?trust   fi
#?trust }
#?trust 
#?encrypted # The secrets, encrypted with this machine's own key: they cannot be used elsewhere.
#?encrypted seal_secrets() {
#?encrypted   sealed=/etc/spacelift/secrets.env.cred
#?encrypted   if [ -f $sealed ] && systemd-creds decrypt --name=secrets.env $sealed - 2>/dev/null | cmp -s - secrets.env; then return; fi
#?encrypted   mkdir -p /etc/spacelift
#?encrypted   systemd-creds encrypt --name=secrets.env secrets.env $sealed.new
#?encrypted   mark_changed
#?encrypted   mv -f $sealed.new $sealed
#?encrypted   say "wrote $sealed"
#?encrypted }
#?encrypted 
while read -r _ _ name _; do
  [ -f "$name" ] || fail "$name is missing: copy the whole folder"
done <<FILES
$files
FILES
if [ -z "$root" ]; then
  [ "$(id -u)" -eq 0 ] || fail "run it as root"
  for program in gpg sha256sum awk od timeout; do
    command -v "$program" >/dev/null || fail "$program is missing: install it first"
  done
  command -v curl >/dev/null || command -v wget >/dev/null || fail "curl or wget is missing: install one first"
  make_user
  make_folders
fi

while read -r mode group name destination; do
  put "$name" "$destination" "$mode" "$group"
done <<FILES
$files
FILES
#?plain if [ -f secrets.env ]; then put secrets.env /etc/spacelift/secrets.env 600 root; fi
#?encrypted if [ -f secrets.env ] && [ -z "$root" ]; then seal_secrets; fi
#?trust trust_certificates
#?!plain if [ -f "$root/etc/spacelift/secrets.env" ]; then
#?!plain   say "/etc/spacelift/secrets.env is no longer used and holds the unencrypted private key: remove it once the service runs" >&2
#?!plain fi

if [ -n "$root" ]; then exit 0; fi
systemctl daemon-reload
# shellcheck disable=SC2086 # a list of words
systemctl enable $units
#?proxy # Docker reads its proxy when it starts. It is not restarted while the launcher runs.
#?proxy if [ "$changed" = yes ] && ! systemctl --quiet is-active spacelift-launcher.service; then systemctl try-restart docker.service; fi
#?recycle systemctl --no-block start spacelift-recycle.timer
#?!fetched secrets=/etc/spacelift/secrets.env
#?encrypted secrets=/etc/spacelift/secrets.env.cred
#?!fetched if [ ! -f $secrets ]; then
#?!fetched   say "installed, but not started: $secrets is missing, which holds the token and the private key"
#?!fetched   exit 0
#?!fetched fi
if [ "$changed" = yes ]; then
  # On first boot this script may run before the boot is complete, so do not wait for it.
  systemctl --no-block restart spacelift-launcher.service
  rm -f $pending
  say "started the service. To follow its logs, run: journalctl -fu spacelift-launcher"
else
  systemctl --no-block start spacelift-launcher.service
  say "nothing changed"
fi
