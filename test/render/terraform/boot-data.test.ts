import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { optionalCaBundle } from '../../../src/ca-bundle/build-step.ts';
import { UserError } from '../../../src/core/errors.ts';
import { suggestionLine } from '../../../src/core/suggestion.ts';
import type { BootData } from '../../../src/render/cloud/boot-data.ts';
import { TERRAFORM_STEPS } from '../../../src/render/terraform/clouds.ts';
import type { Plan } from '../../../src/step/plan.ts';
import { createAuthority } from '../../services/authority.ts';
import { type Pool, planPool, planStep } from '../../services/render.ts';
import { temporaryFolder } from '../../services/temporary.ts';

/** Real roots with RSA keys, the smallest first. */
const ROOTS = rootCertificates
  .filter((pem) => new X509Certificate(pem).publicKey.asymmetricKeyType === 'rsa')
  .toSorted((one, other) => one.length - other.length);

function bootDataOf({ facts = {} }: Plan): BootData {
  return facts['bootData'] as BootData;
}

/** A pool's folder whose bundle adds so many certificates. */
async function poolWith(certificates: readonly string[]): Promise<Pool> {
  const folder = await temporaryFolder();
  const { dir, planned } = planPool();
  await writeFile(path.join(folder, 'base.pem'), (await createAuthority()).authority);
  await writeFile(path.join(folder, 'ca.pem'), certificates.map((pem) => `${pem}\n`).join(''));
  const flags = ['--offline', '--source', 'file', '--image', path.join(folder, 'base.pem')];
  const plan = await planStep(optionalCaBundle, { dir, planned }, [...flags, '--ca', path.join(folder, 'ca.pem')]);
  return { dir, planned: [...planned, ...plan.changes] };
}

test.each([
  ['aws', 10, '16,384'],
  ['azure', 55, '65,535'],
] as const)('on %s %i RSA roots are refused, and as many as are said to fit do', async (cloud, count, limit) => {
  const error = (await planStep(TERRAFORM_STEPS[cloud], await poolWith(ROOTS.slice(-count)), []).catch(
    (each: unknown) => each,
  )) as UserError;
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ code: 'SPACECTL_TOO_LARGE', exitCode: 65 });
  expect(error.message).toContain(`of the ${limit} bytes that ${{ aws: 'AWS', azure: 'Azure' }[cloud]} accepts`);
  const fit = Number(
    /: (\d+) of your \d+ certificates would fit/.exec(error.suggestions.map(suggestionLine).join('\n'))?.[1],
  );
  expect(fit).toBeGreaterThan(0);
  // Which are given makes a difference of a few bytes: the first of them are what was tried.
  const plan = await planStep(TERRAFORM_STEPS[cloud], await poolWith(ROOTS.slice(-count).slice(0, fit)), []);
  const { bytes, room, configuration } = bootDataOf(plan);
  expect(bytes).toBeLessThanOrEqual(Number(limit.replace(',', '')));
  expect(configuration).toBeLessThanOrEqual(room);
});

test.each([
  ['aws', '7.2.0'],
  ['aws', '8.2.0'],
  ['azure', '2.1.0'],
  ['gcp', '2.0.0'],
] as const)('on %s v%s, whose boot script was not read, the size is said to be an estimate', async (cloud, version) => {
  const plan = await planStep(TERRAFORM_STEPS[cloud], planPool(), ['--module-version', version]);
  const { notes, facts } = plan;
  expect(notes?.join('\n')).toContain('an estimate');
  expect(facts).toMatchObject({ bootData: { isEstimate: true }, module: { isVerified: false } });
  const known = await planStep(TERRAFORM_STEPS[cloud], planPool(), []);
  expect(bootDataOf(plan).room).toBeLessThan(bootDataOf(known).room);
});
