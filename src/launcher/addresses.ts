import { withoutTrailing } from '../core/text.ts';
import { inquiry } from '../step/inquiry.ts';
import { releaseInputs, sourceInputs } from './inputs.ts';

const { 'launcher-mirror': mirror, 'key-server': keyServer, fingerprint } = sourceInputs;

/** Returns the URLs of the launcher, its checksums and its signing key, for a manual download. It uses no network. */
export const addresses = inquiry({
  inputs: { ...releaseInputs, 'launcher-mirror': mirror, 'key-server': keyServer, fingerprint },
  async run(values) {
    const { releaseOf } = await import('./resolve.ts');
    const { downloadBase, filesOf, machineOf } = await import('./release.ts');
    const release = await releaseOf(values, machineOf(values.arch));
    const base = downloadBase(release, values['launcher-mirror']);
    const { launcher, sums, signature } = filesOf(release);
    return {
      ...release,
      launcher: `${base}/${launcher}`,
      sums: `${base}/${sums}`,
      signature: `${base}/${signature}`,
      signingKey: `${withoutTrailing(values['key-server'], '/')}/vks/v1/by-fingerprint/${values.fingerprint}`,
      fingerprint: values.fingerprint,
    };
  },
});
