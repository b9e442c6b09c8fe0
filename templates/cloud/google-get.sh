# Calls Google's APIs as the machine's service account, because images may not have gcloud. The token is not an argument.
spacectl_get() {
  spacectl_bearer=$(curl -sS -f --noproxy '*' --max-time 30 -H 'Metadata-Flavor: Google' http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token | jq -er .access_token) || return 1
  printf 'header = "Authorization: Bearer %s"\n' "$spacectl_bearer" | curl -sS -f --max-time 120 -K - "$@"
}
