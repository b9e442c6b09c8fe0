# The whole bundle: the runner image's own trust store and the additions.
mkdir -p /etc/spacelift
printf %s @bundle@ | base64 -d | gzip -d >/etc/spacelift/custom-ca-bundle.crt
