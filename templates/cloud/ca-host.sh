# Builds the CA bundle here, at boot, because a whole one may not fit into user data.
mkdir -p /usr/local/sbin
printf %s @updater@ | base64 -d | gzip -d >/usr/local/sbin/spacelift-update-ca-bundle
chmod 755 /usr/local/sbin/spacelift-update-ca-bundle
systemctl start docker
/usr/local/sbin/spacelift-update-ca-bundle
