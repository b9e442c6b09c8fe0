# Reads both secrets with the machine's identity. They are not in the user data.
spacectl_read() {
  spacectl_folder=$(umask 077 && mktemp -d) || return 1
  spacectl_status=0
  again az keyvault secret download --vault-name "$spacectl_key_vault" --name "$1" --file "$spacectl_folder/secret" --output none &&
    cat "$spacectl_folder/secret" || spacectl_status=1
  rm -rf "$spacectl_folder"
  return "$spacectl_status"
}
if again az login --identity --output none && SPACELIFT_TOKEN=$(spacectl_read "$spacectl_token_secret"); then
  SPACELIFT_POOL_PRIVATE_KEY=$(spacectl_read "$spacectl_private_key_secret") || true
  export SPACELIFT_TOKEN SPACELIFT_POOL_PRIVATE_KEY
fi
