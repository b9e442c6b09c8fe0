# The runner image's own trust store is extended here, at boot: a whole bundle would not fit into user data everywhere.
mkdir -p /usr/local/sbin
printf %s @updater@ | base64 -d | gzip -d >/usr/local/sbin/spacelift-update-ca-bundle
chmod 755 /usr/local/sbin/spacelift-update-ca-bundle
systemctl start docker
/usr/local/sbin/spacelift-update-ca-bundle
