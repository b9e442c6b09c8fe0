# Both secrets are read as the machine's own service account: neither is in the metadata.
SPACELIFT_TOKEN=$(again gcloud secrets versions access latest --project="$spacectl_project" --secret="$spacectl_token_secret")
SPACELIFT_POOL_PRIVATE_KEY=$(again gcloud secrets versions access latest --project="$spacectl_project" --secret="$spacectl_private_key_secret")
export SPACELIFT_TOKEN SPACELIFT_POOL_PRIVATE_KEY
