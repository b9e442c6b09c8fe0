import type { CloudTrust } from './trust.ts';

/** The launcher's settings: the user's, and the mount of the bundle joined with mounts of the user's own. */
export function settingsFor(
  env: readonly (readonly [name: string, value: string])[],
  trust: CloudTrust | undefined,
): Record<string, string> {
  const settings = Object.fromEntries(env);
  if (!trust) return settings;
  const mounts = [...trust.mounts, settings['SPACELIFT_WORKER_EXTRA_MOUNTS']].filter(Boolean);
  return { ...settings, SPACELIFT_WORKER_EXTRA_MOUNTS: mounts.join(',') };
}
