/** Spacelift's image of the launcher. */
export const LAUNCHER_IMAGE = 'public.ecr.aws/spacelift/launcher:latest';

/** Paths of the host that the launcher needs at the same paths, because it passes them to the host's Docker daemon. */
export const LAUNCHER_MOUNTS = [
  { name: 'docker-socket', path: '/var/run/docker.sock' },
  { name: 'scratch', path: '/opt/spacelift' },
] as const;
