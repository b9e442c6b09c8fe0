# Without both secrets nothing is started. jq and the AWS CLI print a missing value as a word.
unset SECRET_VALUE
for spacectl_secret in "${SPACELIFT_TOKEN:-}" "${SPACELIFT_POOL_PRIVATE_KEY:-}"; do
  case $spacectl_secret in
    '' | null | None)
      echo 'spacectl: the secret store gave no token or no private key: the launcher is not started' >&2
      @stop@
      ;;
  esac
done
unset spacectl_secret
