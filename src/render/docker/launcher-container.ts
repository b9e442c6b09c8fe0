/** The vendor's image of the launcher. */
export const LAUNCHER_IMAGE = 'public.ecr.aws/spacelift/launcher:latest';

/** What it needs of its host, at the same paths: it hands paths of its own to the host's Docker daemon. */
export const LAUNCHER_MOUNTS = [
  { name: 'docker-socket', path: '/var/run/docker.sock' },
  { name: 'scratch', path: '/opt/spacelift' },
] as const;
