# Without both secrets the launcher must not start. jq and the AWS CLI print a word for a missing value.
unset SECRET_VALUE
for spacectl_secret in "${SPACELIFT_TOKEN:-}" "${SPACELIFT_POOL_PRIVATE_KEY:-}"; do
  case $spacectl_secret in
    '' | null | None)
      echo 'spacectl: the token or the private key is missing in the secret store: not starting the launcher' >&2
      @stop@
      ;;
  esac
done
unset spacectl_secret
