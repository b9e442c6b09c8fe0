# Makes this host trust them too: curl, Docker, the launcher.
if command -v update-ca-trust >/dev/null; then
  cp /etc/spacelift/custom-ca.crt /etc/pki/ca-trust/source/anchors/spacelift-custom-ca.crt
  update-ca-trust
else
  cp /etc/spacelift/custom-ca.crt /usr/local/share/ca-certificates/spacelift-custom-ca.crt
  update-ca-certificates
fi
systemctl try-restart docker
