import { readWhole } from '../files/read.ts';
import { optional, text } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { anyText } from '../step/parsers.ts';
import { architecture } from '../step/shared.ts';
import { releaseInputs, sourceInputs } from './inputs.ts';
import { machineOf } from './release.ts';

const { arch: _, ...inputs } = releaseInputs;

/** Whether a file is the launcher that is published at present, by the signed checksums. */
export const verification = inquiry({
  inputs: {
    file: text({ summary: 'The launcher to verify', positional: true, parse: anyText }),
    ...inputs,
    arch: { ...optional(architecture), description: "Left out, it is what the file's own header says." },
    ...sourceInputs,
  },
  async run({ file, arch: given, ...values }, signal) {
    const { architectureOf, refuseOtherMachine } = await import('./executable.ts');
    const { clientFor, keyRequestOf, releaseOf, sourceOf } = await import('./resolve.ts');
    const { refuseOtherDigest } = await import('./download.ts');
    const { launcherName } = await import('./release.ts');
    const { findPromise } = await import('./signed.ts');
    const bytes = await readWhole(file);
    // What has no machine is no launcher, and refused.
    const arch = given ? machineOf(given) : (architectureOf(bytes) ?? 'x86_64');
    refuseOtherMachine(bytes, file, arch);
    const release = await releaseOf(values, arch);
    const client = clientFor(values);
    const source = sourceOf(release, values, client, signal);
    const promise = await findPromise(release, source, keyRequestOf(values), client, signal);
    refuseOtherDigest(bytes, promise.digest, file);
    return { file, name: launcherName(release), ...release, ...promise };
  },
});
