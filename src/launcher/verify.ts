import { readWhole } from '../files/read.ts';
import { optionalText, text } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { parseArchitecture, releaseInputs, sourceInputs } from './inputs.ts';

const { arch: _, ...inputs } = releaseInputs;

/** Checks whether a file is the current launcher, according to the signed checksums. */
export const verification = inquiry({
  inputs: {
    file: text({ summary: 'The launcher to verify', positional: true, parse: (file) => file }),
    ...inputs,
    arch: optionalText({
      summary: "x86_64 or arm64 (aarch64); what the file's own header says, if not given",
      placeholder: 'ARCH',
      parse: parseArchitecture,
    }),
    ...sourceInputs,
  },
  async run({ file, arch: given, ...values }, signal) {
    const { architectureOf, verifyArchitecture } = await import('./executable.ts');
    const { clientFor, keyRequestOf, releaseOf, sourceOf } = await import('./resolve.ts');
    const { verifyDigest } = await import('./download.ts');
    const { launcherName } = await import('./release.ts');
    const { findSignedDigest } = await import('./signed-digest.ts');
    const bytes = await readWhole(file);
    const arch = given ?? architectureOf(bytes) ?? parseArchitecture(process.arch);
    verifyArchitecture(bytes, file, arch);
    const release = await releaseOf({ ...values, arch });
    const client = clientFor(values);
    const source = sourceOf(release, values, client, signal);
    const signed = await findSignedDigest(release, source, keyRequestOf(values), client, signal);
    verifyDigest(bytes, signed.digest, file);
    return { file, name: launcherName(release), ...release, ...signed };
  },
});
