# Asks Google's APIs as the machine's own service account; no image is known to bring gcloud. The token is no argument.
spacectl_get() {
  spacectl_bearer=$(curl -sS -f --noproxy '*' --max-time 30 -H 'Metadata-Flavor: Google' http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token | jq -er .access_token) || return 1
  printf 'header = "Authorization: Bearer %s"\n' "$spacectl_bearer" | curl -sS -f --max-time 120 -K - "$@"
}
