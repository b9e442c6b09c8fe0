# Shared by the scripts that run before the launcher starts.
# --env may have replaced it.
PATH=${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
run=${SPACELIFT_RUN:-/run/spacelift}
# Written by root only: the runs that the launcher starts must not reach it.
state=${SPACELIFT_LAUNCHER_STATE:-/var/lib/spacelift-launcher}

# The programs below do not need the secrets.
unset SPACELIFT_TOKEN SPACELIFT_POOL_PRIVATE_KEY

say() { echo "${0##*/}: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

# limit SECONDS ARGUMENT...: starts the script again under a deadline. timeout(1) sends SIGHUP to all of its programs then,
# which ends the one that waits for a server; the script goes on without it, and is killed after another minute. SIGTERM
# reaches all of them as well, so stopping the service ends at once: a shell alone would first wait for its program.
limit() {
  [ -z "${SPACELIFT_LIMIT:-}" ] || return 0
  export SPACELIFT_LIMIT="$1"
  shift
  # Not BusyBox's timeout, which reaches one process only.
  exec /usr/bin/timeout --preserve-status -s HUP -k 60 "$SPACELIFT_LIMIT" "$0" "$@"
}

# sweep PREFIX: removes what killed runs left behind. The names end with the process ID, which may be another program's now.
sweep() {
  for left in "$1".*; do
    { tr '\0' '\n' <"/proc/${left##*.}/cmdline" | grep -qF "${0##*/}" || rm -rf "$left"; } 2>/dev/null || true
  done
}

# keep FILE: replaces a file of the state in one move. If that fails, it is no reason not to start.
keep() {
  { mkdir -p "$state" && cat >"$1.new" && mv -f "$1.new" "$1"; } 2>/dev/null || say "cannot write $1"
}

# record NAME RESULT: what an update came to, for spacelift-worker-check.
record() { echo "$(date +%s) $2" | keep "$state/$1-update"; }
