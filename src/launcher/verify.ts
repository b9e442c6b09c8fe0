import { readWhole } from '../files/read.ts';
import { optional, text } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { anyText } from '../step/parsers.ts';
import { architecture } from '../step/shared.ts';
import { releaseInputs, sourceInputs } from './inputs.ts';
import { machineOf } from './release.ts';

const { arch: _, ...inputs } = releaseInputs;

/** Checks whether a file is the current launcher, according to the signed checksums. */
export const verification = inquiry({
  inputs: {
    file: text({ summary: 'The launcher to verify', positional: true, parse: anyText }),
    ...inputs,
    arch: { ...optional(architecture), description: "Default: what the file's header says." },
    ...sourceInputs,
  },
  async run({ file, arch: given, ...values }, signal) {
    const { architectureOf, verifyArchitecture } = await import('./executable.ts');
    const { clientFor, keyRequestOf, releaseOf, sourceOf } = await import('./resolve.ts');
    const { verifyDigest } = await import('./download.ts');
    const { refuseDowngrade } = await import('./newest-seen.ts');
    const { filesOf, launcherName } = await import('./release.ts');
    const { findSignedDigest } = await import('./signed-digest.ts');
    const bytes = await readWhole(file);
    // A file without an architecture is no launcher, and rejected.
    const arch = given ? machineOf(given) : (architectureOf(bytes) ?? 'x86_64');
    verifyArchitecture(bytes, file, arch);
    const release = await releaseOf(values, arch);
    const client = clientFor(values);
    const source = sourceOf(release, values, client, signal);
    const signed = await findSignedDigest(release, source, keyRequestOf(values), client, signal);
    const { fingerprint, signedAt } = signed;
    const seen = { release, fingerprint, signedAt, origin: source.locationOf(filesOf(release).sums) };
    const warnings = await refuseDowngrade(seen, { isAllowed: values['allow-downgrade'] });
    verifyDigest(bytes, signed.digest, file);
    return { file, name: launcherName(release), ...release, ...signed, warnings: [...signed.warnings, ...warnings] };
  },
});
