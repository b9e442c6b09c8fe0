# The runner image's own trust store is extended here, at boot: a whole bundle would not fit into user data everywhere.
mkdir -p /etc/spacelift /usr/local/sbin
printf %s @certificates@ | base64 -d | gzip -d >/etc/spacelift/custom-ca.crt
printf %s @updater@ | base64 -d | gzip -d >/usr/local/sbin/spacelift-update-ca-bundle
chmod 755 /usr/local/sbin/spacelift-update-ca-bundle
systemctl start docker
/usr/local/sbin/spacelift-update-ca-bundle
