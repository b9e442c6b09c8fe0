# Both secrets are read as the machine's own identity: neither is in the user data.
spacectl_read() {
  spacectl_folder=$(umask 077 && mktemp -d) || return 1
  if again az keyvault secret download --vault-name "$spacectl_key_vault" --name "$1" --file "$spacectl_folder/secret" --output none; then
    cat "$spacectl_folder/secret"
  fi
  rm -rf "$spacectl_folder"
}
if again az login --identity --output none; then
  SPACELIFT_TOKEN=$(spacectl_read "$spacectl_token_secret")
  SPACELIFT_POOL_PRIVATE_KEY=$(spacectl_read "$spacectl_private_key_secret")
  export SPACELIFT_TOKEN SPACELIFT_POOL_PRIVATE_KEY
fi
