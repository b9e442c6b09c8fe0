import type { Target } from '../target.ts';

/** Every parser that is tried, by name. A file's targets are loaded only when one of them runs: some make keys first. */
export const TARGETS: Readonly<Record<string, () => Promise<Readonly<Record<string, Target>>>>> = {
  image: async () => (await import('./image.ts')).IMAGE_TARGETS,
  registry: async () => (await import('./registry.ts')).REGISTRY_TARGETS,
  certificates: async () => (await import('./certificates.ts')).CERTIFICATE_TARGETS,
  probe: async () => (await import('./probe.ts')).PROBE_TARGETS,
  keys: async () => (await import('./keys.ts')).KEY_TARGETS,
  spacelift: async () => (await import('./spacelift.ts')).SPACELIFT_TARGETS,
  launcher: async () => (await import('./launcher.ts')).LAUNCHER_TARGETS,
  host: async () => (await import('./host.ts')).HOST_TARGETS,
  files: async () => (await import('./files.ts')).FILE_TARGETS,
  cloud: async () => (await import('./cloud.ts')).CLOUD_TARGETS,
};
