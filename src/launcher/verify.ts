import { readWhole } from '../files/read.ts';
import { optionalText, text } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { parseArchitecture, releaseInputs, sourceInputs } from './inputs.ts';

const { arch: _, ...inputs } = releaseInputs;

/** Whether a file is the launcher that is published at present, by the signed checksums. */
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
    const { architectureOf, refuseOtherMachine } = await import('./executable.ts');
    const { clientFor, keyRequestOf, releaseOf, sourceOf } = await import('./resolve.ts');
    const { refuseOtherDigest } = await import('./download.ts');
    const { launcherName } = await import('./release.ts');
    const { findPromise } = await import('./signed.ts');
    const bytes = await readWhole(file);
    const arch = given ?? architectureOf(bytes) ?? parseArchitecture(process.arch);
    refuseOtherMachine(bytes, file, arch);
    const release = await releaseOf({ ...values, arch });
    const client = clientFor(values);
    const source = sourceOf(release, values, client, signal);
    const promise = await findPromise(release, source, keyRequestOf(values), client, signal);
    refuseOtherDigest(bytes, promise.digest, file);
    return { file, name: launcherName(release), ...release, ...promise };
  },
});
