destination=${SPACELIFT_LAUNCHER_DESTINATION:-/usr/local/bin/spacelift-launcher}
# Next to the destination, so that the final move is atomic.
new=${destination%/*}/.spacelift-launcher.$$
work=$run/update-launcher.$$

# download URL FILE: HTTPS only, also for redirects. Plain HTTP is for tests on loopback.
download() {
  case $1 in
    https://*) protocol='=https' ;;
    http://127.0.0.1:*) protocol='=http' ;;
    *) fail "refusing to download $1: not HTTPS" ;;
  esac
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --proto "$protocol" --proto-redir "$protocol" \
      --retry 3 --connect-timeout 20 --speed-time 30 --speed-limit 1000 --output "$2" "$1"
  else
    wget -q --max-redirect=0 --tries=3 --timeout=30 -O "$2" "$1"
  fi || fail "cannot download $1"
}

digest_of() { sha256sum <"$1" | cut -d ' ' -f 1; }
is_current() { [ -x "$destination" ] && [ "$(digest_of "$destination")" = "$digest" ]; }

# The verified launcher stays where there is no place for a new one.
make_place() {
  { mkdir -p "${destination%/*}" && true >"$new"; } 2>/dev/null || fail "cannot write to ${destination%/*}"
}

# put_in_place NAME
put_in_place() {
  [ "$(od -An -tx1 -N4 "$new" | tr -d ' \n')" = 7f454c46 ] || fail "$1 is not an ELF program"
  [ "$(od -An -tx1 -j18 -N1 "$new" | tr -d ' \n')" = "$machine" ] || fail "$1 is for another architecture"
  chmod 755 "$new"
  mv -f "$new" "$destination"
}

# update_or_keep OPTION...: runs update, which sets result. If it fails, the launcher that is in place will do.
update_or_keep() {
  case $(uname -m) in
    x86_64 | amd64) machine=3e ;;
    aarch64 | arm64) machine=b7 ;;
    *) fail "Spacelift has no launcher for $(uname -m)" ;;
  esac
  seconds=1500
  if [ -x "$destination" ] && [ "${1:-}" != --require-update ]; then seconds=120; fi
  limit "${SPACELIFT_UPDATE_SECONDS:-$seconds}" "$@"
  sweep "$run/update-launcher"
  sweep "${destination%/*}/.spacelift-launcher"
  trap 'rm -rf "$work" "$new"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'say "gave up after $SPACELIFT_LIMIT seconds"' HUP
  # Not as a condition, which would disable "set -e" inside.
  set +e
  (
    set -e
    (umask 077 && mkdir -p "$work")
    update
    record launcher "$result"
  )
  status=$?
  set -e
  [ "$status" -ne 0 ] || return 0
  if [ -x "$destination" ] && [ "${1:-}" != --require-update ]; then
    say "keeping the launcher that was verified earlier"
    record launcher kept
  else
    record launcher failed
    exit 1
  fi
}
