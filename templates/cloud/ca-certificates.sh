mkdir -p /etc/spacelift
printf %s @certificates@ | base64 -d | gzip -d >/etc/spacelift/custom-ca.crt
