# The whole CA bundle: the runner image's trust store and your certificates.
mkdir -p /etc/spacelift
printf %s @bundle@ | base64 -d | gzip -d >/etc/spacelift/custom-ca-bundle.crt
