# Reads both secrets as the machine's service account. They are not in the metadata.
spacectl_read() {
  spacectl_answer=$(again spacectl_get "https://secretmanager.googleapis.com/v1/projects/$spacectl_project/secrets/$1/versions/latest:access") || return 1
  printf %s "$spacectl_answer" | jq -er .payload.data | base64 -d
}
if SPACELIFT_TOKEN=$(spacectl_read "$spacectl_token_secret"); then
  SPACELIFT_POOL_PRIVATE_KEY=$(spacectl_read "$spacectl_private_key_secret") || true
  export SPACELIFT_TOKEN SPACELIFT_POOL_PRIVATE_KEY
fi
