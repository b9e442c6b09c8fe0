import type { Values } from '../../step/input.ts';
import type { hostInputs } from './inputs.ts';

/**
 * Lists the programs that the rendered scripts need on a host besides those of every Linux (coreutils, grep, sed); of
 * `A/B`, one will do. The installer refuses a host without them.
 */
export function neededPrograms(values: Values<typeof hostInputs>, isBundleBuilt: boolean): readonly string[] {
  const source = values['secrets-from']?.kind ?? '';
  const launcher = values['launcher-from'] ?? '';
  const isPinned = values['launcher-sha256'] !== undefined;
  const needs: readonly (readonly [string, boolean])[] = [
    ['gpg', !isPinned],
    ['curl', source !== ''],
    ['curl/wget', source === '' && (!isPinned || launcher.startsWith('https:'))],
    ['jq', source.startsWith('azure-') || source.startsWith('gcp-')],
    ['aws', source.startsWith('aws-') || launcher.startsWith('s3:')],
    ['docker/podman', isBundleBuilt],
  ];
  return ['awk', 'cmp', 'od', 'ss', 'timeout', ...needs.flatMap(([name, isNeeded]) => (isNeeded ? [name] : []))];
}
