# Everything has succeeded. Once Docker runs, the agent may join the cluster.
systemctl start docker || spacectl_stop
timeout 60 docker info >/dev/null || spacectl_stop
printf 'ECS_CLUSTER=%s\n' "$spacectl_cluster" >>/etc/ecs/ecs.config || spacectl_stop
#?spot # At the two minutes' notice, the agent drains the instance.
#?spot echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >>/etc/ecs/ecs.config || spacectl_stop
: >"$spacectl_ready" || spacectl_stop
