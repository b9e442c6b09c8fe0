import { UserError } from '../core/errors.ts';
import { optionalText } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { architecture } from '../step/shared.ts';
import { account, ec2Inputs } from './inputs.ts';
import type { Image } from './lifecycle.ts';

/** Finds Spacelift's newest image of an architecture. */
export const amiLatest = inquiry({
  inputs: {
    arch: { ...architecture, asked: false },
    owner: optionalText({
      summary: "Spacelift's AWS account, which owns the images; required to ask EC2",
      placeholder: 'ACCOUNT',
      parse: account,
    }),
    ...ec2Inputs,
  },
  async run(given, signal): Promise<{ id: string; name: string; architecture: string; released: Date }> {
    const { readImageName } = await import('./lifecycle.ts');
    const images = await imagesFrom(given, signal);
    const newest = images
      .flatMap(({ id, name = '' }) => {
        const named = readImageName(name);
        return id && named?.architecture === given.arch ? [{ id, name, ...named }] : [];
      })
      .sort((one, other) => other.released.getTime() - one.released.getTime())[0];
    if (newest) return newest;
    throw new UserError('SPACECTL_CHECK_FAILED', `No image named spacelift-…-${given.arch} found`, {
      suggestions: ['Check --owner and --region'],
    });
  },
});

type Given = Readonly<Record<'images-file' | 'owner' | 'region' | 'endpoint-url', string | undefined>> & {
  readonly arch: string;
};

async function imagesFrom(given: Given, signal: AbortSignal): Promise<readonly Image[]> {
  const file = given['images-file'];
  if (file) return (await import('./saved.ts')).readDescribedImages(file);
  const { openImages } = await import('./ec2.ts');
  const connection = openImages({ region: given.region, endpoint: given['endpoint-url'], signal });
  if (!given.owner) throw await missingOwner(connection);
  const ec2 = await connection;
  try {
    return await ec2.available(given.owner, given.arch);
  } finally {
    ec2.close();
  }
}

/** Returns the error for a missing owner, which also names the region if that is missing too. */
async function missingOwner(connection: Promise<{ close(): void }>): Promise<UserError> {
  const missing = await connection.then(
    (ec2) => {
      ec2.close();
      return ['--owner'];
    },
    () => ['--owner', '--region'],
  );
  return new UserError('SPACECTL_MISSING_INPUT', `Missing ${missing.join(', ')}`, {
    suggestions: ['Or pass --images-file FILE, the output of aws ec2 describe-images'],
  });
}
