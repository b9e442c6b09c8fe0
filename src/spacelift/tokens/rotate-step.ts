import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { counted, quoteIfNeeded } from '../../core/text.ts';
import { DEFAULT_BITS, KEY_FILE, keyInputs, subjectOf } from '../../pki/index.ts';
import { renderedSecrets } from '../../pool-folder/index.ts';
import { step } from '../../step/step.ts';
import { confirmation, onePool } from '../pools/inputs.ts';
import { managedElsewhere } from '../pools/managed-pool.ts';

/** Rotates the key of the folder's worker pool, and gets a token for it. */
export const rotateKey = step({
  id: 'rotateKey',
  title: 'the new key',
  canForce: true,
  inputs: { ...onePool, confirm: confirmation, ...keyInputs },
  async plan({ 'common-name': name, bits = DEFAULT_BITS, subject, ...values }, planner) {
    const { openPool } = await import('../pools/open-pool.ts');
    const { rejectOtherFolder } = await import('../pools/existing-pool.ts');
    const { rotateOnce } = await import('./rotate.ts');
    const { makeKey, makeRequest } = await import('../../pki/index.ts');
    const { dir } = values;
    const keyFile = path.join(dir, KEY_FILE);
    if (!(await planner.read(keyFile))) {
      throw new UserError('SPACECTL_CANNOT_READ', `No key to rotate: ${keyFile} does not exist`, {
        suggestions: [{ command: `spacectl keypair generate --dir ${quoteIfNeeded(dir)}` }],
      });
    }
    const { api, pool } = await openPool(values, planner.signal);
    await rejectOtherFolder(api, dir, pool);
    const rotate = planner.action({
      title: `Give the worker pool "${pool.name}" (${pool.id}) a new key and token; keep the old key as a backup`,
      status: 'change',
      refusal: managedElsewhere(pool, 'reset'),
      async run(signal) {
        const rotation = {
          dir,
          id: pool.id,
          makeKey: () => makeKey(bits),
          makeRequest: (key: Uint8Array) => makeRequest(key, keyFile, subjectOf(name, subject)),
        };
        await rotateOnce(api, rotation, signal);
        api.close();
      },
    });
    const stale = await renderedSecrets(dir);
    return {
      changes: [rotate],
      warnings: [
        ...(pool.workers.length > 0
          ? [`The old key and token stop working, with which ${counted(pool.workers.length, 'worker')} connected`]
          : []),
        ...(stale.length > 0 ? [`These files contain the old key; render them again: ${stale.join(', ')}`] : []),
      ],
      next: stale.length > 0 ? [`Render ${stale.join(', ')} again, and copy them to the hosts`] : [],
      facts: { id: pool.id, name: pool.name, stale },
    };
  },
});
