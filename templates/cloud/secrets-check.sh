# The launcher must not start without both secrets. For a missing value, jq prints null and the AWS CLI prints None.
# AWS's module leaves the JSON of its secret in SECRET_VALUE, from where it would get into a file and the journal.
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
