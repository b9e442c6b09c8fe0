# The ECS agent starts after this script: ecs.service is ordered after cloud-final.service, which runs it. So nothing here
# may wait for the agent. Without ECS_CLUSTER it would join the cluster "default", so it does not start before all is ready.
spacectl_stop() {
  echo 'spacectl: something failed above: this instance joins no cluster and powers off' >&2
  poweroff
  exit 1
}
spacectl_ready=/etc/spacelift/ecs-ready
mkdir -p /etc/spacelift /opt/spacelift /etc/systemd/system/ecs.service.d || spacectl_stop
printf '[Unit]\nConditionPathExists=%s\n' "$spacectl_ready" >/etc/systemd/system/ecs.service.d/spacectl.conf || spacectl_stop
systemctl daemon-reload || spacectl_stop
