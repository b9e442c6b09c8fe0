import { UserError } from '../core/errors.ts';
import { optionalText } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { architecture } from '../step/shared.ts';
import { account, ec2Inputs } from './inputs.ts';

/** Finds Spacelift's newest image of an architecture. */
export const amiLatest = inquiry({
  inputs: {
    arch: { ...architecture, asked: false },
    owner: optionalText({
      summary: "AWS account that owns the images, if not Spacelift's",
      placeholder: 'ACCOUNT',
      parse: account,
    }),
    ...ec2Inputs,
  },
  async run(given, signal): Promise<{ id: string; name: string; architecture: string; released: Date }> {
    const { findImages } = await import('./find-images.ts');
    const { readImageName } = await import('./aws/spacelift-images.ts');
    const { images, where, suggestion } = await findImages(given, signal);
    const newest = images
      .flatMap(({ id, name = '' }) => {
        const named = readImageName(name);
        return id && named?.architecture === given.arch ? [{ id, name, ...named }] : [];
      })
      .sort((one, other) => other.released.getTime() - one.released.getTime())[0];
    if (newest) return newest;
    throw new UserError('SPACECTL_CHECK_FAILED', `${where} has no image named spacelift-…-${given.arch}`, {
      suggestions: [suggestion],
    });
  },
});
