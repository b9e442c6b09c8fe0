import { inquiry } from '../step/inquiry.ts';
import { releaseInputs, sourceInputs } from './inputs.ts';

const { mirror, 'key-server': keyServer, fingerprint } = sourceInputs;

/** Returns the URLs of the launcher, its checksums and its signing key, for a manual download. It uses no network. */
export const addresses = inquiry({
  inputs: { ...releaseInputs, mirror, 'key-server': keyServer, fingerprint },
  async run(values) {
    const { releaseOf } = await import('./resolve.ts');
    const { downloadBase, filesOf } = await import('./release.ts');
    const release = await releaseOf(values);
    const base = downloadBase(release, values.mirror);
    const { launcher, sums, signature } = filesOf(release);
    return {
      ...release,
      launcher: `${base}/${launcher}`,
      sums: `${base}/${sums}`,
      signature: `${base}/${signature}`,
      signingKey: `${values['key-server'].replace(/\/+$/, '')}/vks/v1/by-fingerprint/${values.fingerprint}`,
      fingerprint: values.fingerprint,
    };
  },
});
