# Permissions given a moment ago may not have arrived yet: tries for five minutes.
again() {
  attempt=1
  until "$@"; do
    [ "$attempt" -lt 20 ] || return 1
    attempt=$((attempt + 1))
    sleep 15
  done
}
