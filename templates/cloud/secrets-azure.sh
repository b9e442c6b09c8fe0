# Both secrets are read as the machine's own identity: neither is in the user data.
again az login --identity --output none
spacectl_folder=$(umask 077 && mktemp -d)
{
  again az keyvault secret download --vault-name "$spacectl_key_vault" --name "$spacectl_token_secret" --file "$spacectl_folder/token" --output none &&
    again az keyvault secret download --vault-name "$spacectl_key_vault" --name "$spacectl_private_key_secret" --file "$spacectl_folder/key" --output none
} || {
  rm -rf "$spacectl_folder"
  false
}
SPACELIFT_TOKEN=$(cat "$spacectl_folder/token")
SPACELIFT_POOL_PRIVATE_KEY=$(cat "$spacectl_folder/key")
rm -rf "$spacectl_folder"
export SPACELIFT_TOKEN SPACELIFT_POOL_PRIVATE_KEY
