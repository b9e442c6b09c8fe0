# Downloads the CA bundle from the object store and checks its digest.
mkdir -p /etc/spacelift
spacectl_bundle=/etc/spacelift/custom-ca-bundle.crt
#?aws again aws s3 cp --only-show-errors "$spacectl_ca_source" "$spacectl_bundle.new"
#?gcp spacectl_object=${spacectl_ca_source#gs://}
#?gcp again spacectl_get -o "$spacectl_bundle.new" "https://storage.googleapis.com/storage/v1/b/${spacectl_object%%/*}/o/${spacectl_object#*/}?alt=media"
#?azure again az storage blob download --auth-mode login --blob-url "$spacectl_ca_source" --file "$spacectl_bundle.new" --output none
printf '%s  %s\n' @digest@ "$spacectl_bundle.new" | sha256sum -c -
mv -f "$spacectl_bundle.new" "$spacectl_bundle"
