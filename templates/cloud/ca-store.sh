# Downloads the CA bundle from the object store and checks its digest.
mkdir -p /etc/spacelift
spacectl_bundle=/etc/spacelift/custom-ca-bundle.crt
case $spacectl_ca_source in
  s3://*) again aws s3 cp --only-show-errors "$spacectl_ca_source" "$spacectl_bundle.new" ;;
  gs://*) again gcloud storage cp "$spacectl_ca_source" "$spacectl_bundle.new" ;;
  https://*) again az storage blob download --auth-mode login --blob-url "$spacectl_ca_source" --file "$spacectl_bundle.new" --output none ;;
esac
printf '%s  %s\n' @digest@ "$spacectl_bundle.new" | sha256sum -c -
mv -f "$spacectl_bundle.new" "$spacectl_bundle"
