import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { listed, quoteIfNeeded } from '../../core/text.ts';
import { hasModes } from '../../files/modes.ts';
import { attention, good, type Thing } from './thing.ts';

/**
 * Looks at the files of secrets that were typed in the wizard, such as an API key's. They stay after the plan was applied:
 * `spacectl.yaml` names them, and later runs log in with them.
 */
export async function keptSecretsIn(dir: string): Promise<readonly Thing[]> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.secret')).sort();
  if (names.length === 0) return [];
  const thing = { id: 'kept-secrets', title: 'Kept secrets' };
  const modes = await Promise.all(names.map((name) => stat(path.join(dir, name)).catch(() => undefined)));
  const exposed = hasModes() ? names.filter((_, index) => ((modes[index]?.mode ?? 0) & 0o077) !== 0) : [];
  if (exposed.length > 0) {
    const command = `chmod 600 ${exposed.map((name) => quoteIfNeeded(path.join(dir, name))).join(' ')}`;
    return [{ ...thing, ...attention(`other users of this machine may read or change ${listed(exposed)}`, command) }];
  }
  const evidence = `${listed(names)}: typed in the wizard, and kept because later runs use it`;
  return [{ ...thing, ...good(evidence) }];
}
