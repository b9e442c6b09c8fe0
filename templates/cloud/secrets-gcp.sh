# Reads both secrets as the machine's service account. They are not in the metadata.
spacectl_read() {
  again gcloud secrets versions access latest --project="$spacectl_project" --secret="$1"
}
if SPACELIFT_TOKEN=$(spacectl_read "$spacectl_token_secret"); then
  SPACELIFT_POOL_PRIVATE_KEY=$(spacectl_read "$spacectl_private_key_secret") || true
  export SPACELIFT_TOKEN SPACELIFT_POOL_PRIVATE_KEY
fi
