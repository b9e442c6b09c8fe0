#!/bin/sh
# Boots user data in namespaces of its own (unshare --mount --pid --net): this machine's files below a layer in memory,
# so that nothing of the machine changes. It is process 1 there, and with it everything that was started ends.
# Usage: namespace.sh FOLDER NODE SERVICES; FOLDER/boot is what the stand-ins know and write, at /run/boot.
set -eu
folder=$1
node=$2
services=$3
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

mount -t tmpfs tmpfs "$folder/mnt"
cd "$folder/mnt"
mkdir upper work root
mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root
# What of this machine a boot must not see.
for place in tmp run root opt home var/log var/lib usr/local/bin usr/local/sbin etc/systemd; do
  mkdir -p "root/$place"
  mount -t tmpfs -o mode=755 tmpfs "root/$place"
done
chmod 1777 root/tmp
rm -rf root/etc/spacelift root/etc/pki
for command in spacelift-launcher aws az gcloud docker podman; do rm -f "root/usr/bin/$command"; done
mount -t proc proc root/proc
mount --rbind /dev root/dev

# What images have: cloud-init, Docker, the launcher's folders, and no user of the launcher's.
mkdir -p root/opt/spacelift root/var/log/spacelift root/var/lib/cloud/scripts/per-boot root/etc/systemd/system \
  root/etc/pki/ca-trust/source/anchors root/etc/ecs
# ECS's image has it, and it is empty (amazon-ecs-ami, scripts/setup-ecs-config-dir.sh@aa869b2).
: >root/etc/ecs/ecs.config
printf 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/:/usr/sbin/nologin\n' >root/etc/passwd
printf 'root:x:0:\ndocker:x:998:\nnogroup:x:65534:\n' >root/etc/group
printf 'root:*:1::::::\n' >root/etc/shadow
rm -f root/etc/gshadow
cp "$folder"/commands/* root/usr/local/bin/
mkdir root/run/boot root/run/boot-services
touch root/run/node
mount --bind "$folder/boot" root/run/boot
mount --bind "$services" root/run/boot-services
mount --bind "$node" root/run/node
if [ -e "$folder/boot/fails/disk" ]; then mount -o remount,ro root/usr/local/sbin; fi
cp "$folder/user-data" root/var/lib/cloud/user-data
chmod 700 root/var/lib/cloud/user-data

# A service of systemd's, as cloud-init and Google's agent are, has no HOME (systemd.exec(5), before version 255).
env -i PATH="$path" LANG=C.UTF-8 chroot root /var/lib/cloud/user-data >"$folder/boot/output" 2>&1 </dev/null &
code=0
wait $! || code=$?
# What the ECS agent does after cloud-init, where there is one and Docker runs: it registers with the cluster of ecs.config,
# else with "default" (amazon-ecs-agent, packaging/amazon-linux-ami-integrated/ecs.service@0923816; README.md, ECS_CLUSTER).
agent=started
for condition in $(sed -n 's/^ConditionPathExists=//p' root/etc/systemd/system/ecs.service.d/*.conf 2>/dev/null); do
  [ -e "root$condition" ] || agent=
done
if [ -e "$folder/boot/fails/docker-daemon" ]; then agent=; fi
if [ -n "$agent" ]; then
  cluster=$(sed -n 's/^ECS_CLUSTER=//p' root/etc/ecs/ecs.config)
  echo "${cluster:-default}" >"$folder/boot/ecs-cluster"
fi
cat root/var/log/spacelift/*.log >"$folder/boot/logs" 2>/dev/null || true
ls -A root/tmp >"$folder/boot/leftovers"
echo "$code" >"$folder/boot/exit-code"
