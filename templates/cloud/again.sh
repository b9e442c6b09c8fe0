# Retries for five minutes, because new permissions may not be in effect yet.
again() {
  attempt=1
  until "$@"; do
    [ "$attempt" -lt 20 ] || return 1
    attempt=$((attempt + 1))
    sleep 15
  done
}
