#!/bin/sh
# Rendered by spacectl.
# Turns this host into a worker. Run it as root from its own folder. It is safe to run again: it restarts the service only
# if something changed.
# install.sh check: only tells if this host can become a worker. install.sh prepare, for spacectl host install: neither
# writes the install record nor starts the service.
#?planned # install.sh plan, for the Ansible role: changes nothing, and tells what it would change, and which worker it would restart.
set -eu
umask 077
cd "$(dirname "$0")"
mode=${1:-}
root=${SPACELIFT_INSTALL_ROOT:-}
engine=@engine@
# One file a line: MODE GROUP NAME DESTINATION SECRET.
files=@files@
units=@units@
# Bundles that the service builds.
generated=@generated@
# Programs that the scripts need; of A/B, one will do.
programs=@programs@
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
#?planned   if [ "$mode" = plan ]; then
#?planned     changed=yes
#?planned     say "would write $2"
#?planned     return
#?planned   fi
  (umask 022 && mkdir -p "$root${2%/*}")
  cp "$1" "$root$2.new"
  if [ -z "$root" ]; then chgrp "$4" "$root$2.new"; fi
  chmod "$3" "$root$2.new"
  mark_changed
  mv -f "$root$2.new" "$root$2"
  say "wrote $2"
}

snap=/etc/systemd/system/snap.docker.dockerd.service
# Says before the first change why this host cannot become a worker.
check_host() {
  [ "$(id -u)" -eq 0 ] || fail "run it as root"
  missing=
  for program in $programs; do
    command -v "${program%/*}" >/dev/null || command -v "${program#*/}" >/dev/null || missing="$missing $program"
  done
#?dockerd   # The launcher needs the daemon's socket, which another program may serve. With Docker comes its client.
#?dockerd   if ! command -v dockerd >/dev/null && [ ! -e /run/docker.sock ] && [ ! -e "$snap" ]; then
#?dockerd     missing="${missing% docker/podman} Docker"
#?dockerd   fi
  [ -z "$missing" ] || fail "missing programs, to be installed first:$missing"
  [ -d /run/systemd/system ] || fail "systemd is not running here, so the service cannot be installed"
  if [ "$engine" = docker ]; then
    # canonical/docker-snap, issues 188 and 189. A container would find an empty directory instead.
    [ ! -e "$snap" ] ||
      fail "Docker is installed as a snap, which cannot mount /opt/spacelift into containers: install it as a package instead"
    getent group docker >/dev/null || fail "the group docker does not exist: install Docker first"
  fi
  # The runner images also run as UID 1983, so this user owns what they write into /opt/spacelift.
  if user=$(id -u spacelift 2>/dev/null); then
    [ "$user" = 1983 ] || fail "the user spacelift has UID $user, but runner images use 1983: remove or rename that user first"
  else
    owner=$(getent passwd 1983 | cut -d : -f 1)
    [ -z "$owner" ] || fail "UID 1983 belongs to $owner: free it first"
  fi
}

make_user() {
  if ! getent passwd spacelift >/dev/null; then
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
#?trust   [ "$mode" != plan ] || return 0
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
# json_list WORD...
json_list() {
  list=
  for word; do list="$list${list:+,}\"$word\""; done
  echo "[$list]"
}

# entry DESTINATION MODE [FILE]: a file of the install record. Secrets have no digest.
entry() {
  printf '%s{"path":"%s","mode":%d,"isSecret":' "$separator" "$1" "0$2"
  separator=,
  if [ -n "${3:-}" ]; then printf 'false,"sha256":"%s"}' "$(sha256sum <"$3" | cut -c 1-64)"; else printf 'true}'; fi
}

# What the installation creates besides files, as the record says it.
find_made() {
  user=true
  if [ -z "$root" ]; then
    if getent passwd spacelift >/dev/null; then user=false; fi
  elif grep -q '^spacelift:' "$root/etc/passwd" 2>/dev/null; then user=false; fi
  folders=
  for folder in /opt/spacelift /var/log/spacelift; do [ -e "$root$folder" ] || folders="$folders $folder"; done
  # shellcheck disable=SC2086 # a list of words
  echo "\"madeUser\":$user,\"madeFolders\":$(json_list $folders)"
}

# The install record, which spacectl host status and uninstall read (src/host/install/install-record.ts).
write_record() {
  (umask 022 && mkdir -p "${record%/*}")
  separator=
  {
    printf '{"version":1,"files":['
    while read -r bits _ name destination secret; do
      [ "$secret" = no ] || name=
      entry "$destination" "$bits" "$name"
    done <<FILES
$files
FILES
#?trust     entry "$trusted" 644 custom-ca.crt
    for secret in /etc/spacelift/secrets.env /etc/spacelift/secrets.env.cred; do
      if [ -f "$root$secret" ]; then entry $secret 600; fi
    done
  } >"$record.new"
  # What an earlier installation put here, and this one does not.
  printf '%s\n' "$earlier" | tr '{' '\n' | sed -n 's/^\("path":"\([^"]*\)"[^}]*}\).*/\2 {\1/p' |
    while read -r path line; do
      if [ -e "$root$path" ] && ! grep -qF "\"$path\"" "$record.new"; then printf ',%s' "$line" >>"$record.new"; fi
    done
  # shellcheck disable=SC2086 # lists of words
  echo "],\"units\":$(json_list $units),$made,\"generated\":$(json_list $generated)}" >>"$record.new"
  if cmp -s "$record.new" "$record"; then rm "$record.new"; else mv -f "$record.new" "$record"; fi
}

if [ -z "$root" ]; then check_host; fi
[ "$mode" != check ] || exit 0
while read -r _ _ name _; do
  [ -f "$name" ] || fail "$name is missing: copy the whole directory"
done <<FILES
$files
FILES
record=$root/var/lib/spacectl/host.json
earlier=$(tr -d ' \n' 2>/dev/null <"$record" || true)
made=$(printf '%s\n' "$earlier" | sed -n 's/.*\("madeUser":[a-z]*,"madeFolders":\[[^]]*\]\).*/\1/p')
[ -n "$made" ] || made=$(find_made)
#?planned if [ "$mode" != plan ] && [ -z "$root" ]; then
#?!planned if [ -z "$root" ]; then
  make_user
  make_folders
fi

while read -r bits group name destination _; do
  put "$name" "$destination" "$bits" "$group"
done <<FILES
$files
FILES
#?plain if [ -f secrets.env ]; then put secrets.env /etc/spacelift/secrets.env 600 root; fi
#?encrypted if [ -f secrets.env ] && [ -z "$root" ]; then seal_secrets; fi
#?trust trust_certificates
#?planned if [ "$mode" = plan ]; then
#?planned   pid=$(systemctl show --value --property MainPID spacelift-launcher.service 2>/dev/null) || pid=0
#?planned   if [ "$changed" = yes ] && [ "${pid:-0}" -ne 0 ]; then
#?planned     say "would restart the worker of this host, tagged host=$(tr '\0' '\n' <"/proc/$pid/environ" | sed -n 's/^SPACELIFT_METADATA_host=//p')"
#?planned   fi
#?planned   exit 0
#?planned fi
#?!plain if [ -f "$root/etc/spacelift/secrets.env" ]; then
#?!plain   say "/etc/spacelift/secrets.env is no longer used and holds the unencrypted private key: remove it once the service runs" >&2
#?!plain fi
if [ "$mode" != prepare ]; then write_record; fi

if [ -n "$root" ]; then exit 0; fi
systemctl daemon-reload
# shellcheck disable=SC2086 # a list of words
systemctl enable $units
#?proxy # Docker reads its proxy when it starts. It is not restarted while the launcher runs.
#?proxy if [ "$changed" = yes ] && ! systemctl --quiet is-active spacelift-launcher.service; then systemctl try-restart docker.service; fi
#?recycle systemctl --no-block start spacelift-recycle.timer
if [ "$mode" = prepare ]; then
  rm -f $pending
  exit 0
fi
#?!fetched secrets=/etc/spacelift/secrets.env
#?encrypted secrets=/etc/spacelift/secrets.env.cred
#?!fetched if [ ! -f $secrets ]; then
#?!fetched   say "installed, but not started: $secrets is missing, which holds the token and the private key"
#?!fetched   exit 0
#?!fetched fi
# On first boot this script may run before the boot is complete, so systemctl does not wait. The check does, at most for as
# long as systemd lets the service start.
if [ "$changed" = yes ]; then
  systemctl --no-block restart spacelift-launcher.service
  rm -f $pending
  say "started the service"
else
  systemctl --no-block start spacelift-launcher.service
  say "nothing changed"
fi
if ! /usr/local/sbin/spacelift-worker-check --wait 1800 >/dev/null; then
  # What the service itself said last, without systemd's words about it.
  journalctl -q --no-pager -o cat -n 5 _SYSTEMD_UNIT=spacelift-launcher.service _TRANSPORT=stdout >&2 || true
  fail "installed, but this host is not a worker. For its log, run: journalctl -u spacelift-launcher"
fi
say "this host is a worker"
