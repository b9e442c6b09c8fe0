import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeCertificate, toPem } from '../services/certificate.ts';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

const [one, two, custom] = ['One', 'Two', 'Custom'].map((CN) => makeCertificate({ subject: { CN } }).pem) as [
  string,
  string,
  string,
];
const indented = (pem: string) => pem.replaceAll(/^(?=.)/gm, '  ');

async function makeFolder(base: string) {
  const folder = await temporaryFolder();
  const [image, ca] = [path.join(folder, 'base.pem'), path.join(folder, 'ca.pem')];
  await Promise.all([writeFile(image, base), writeFile(ca, custom)]);
  const build = (...flags: readonly string[]) =>
    spacectl(['ca-bundle', 'build', '--dir', folder, '--image', image, '--ca', ca, '--json', ...flags]);
  const check = (...flags: readonly string[]) => spacectl(['ca-bundle', 'check', '--dir', folder, ...flags]);
  const blocks = async () => {
    const bundle = await readFile(path.join(folder, 'custom-ca-bundle.crt'), 'utf8');
    return bundle.match(/^-----BEGIN[^-]+-----\n[^-]+-----END CERTIFICATE-----\n/gm);
  };
  return { image, build, check, blocks };
}

test('A base that OpenSSL cannot read is an error, and with --normalize a bundle that stays up to date', async () => {
  const { image, build, check, blocks } = await makeFolder(indented(one));
  const refused = await build();
  expect(refused.exitCode).toBe(65);
  const { error } = JSON.parse(String(refused.stdout));
  expect(error.message).toContain('OpenSSL (git, curl) finds none of its 1 certificate');
  expect(error.suggestions[0].text).toContain('--normalize');

  const built = await build('--normalize');
  expect(built.exitCode).toBe(0);
  expect(JSON.parse(String(built.stdout)).facts.caBundle).toMatchObject({ normalize: true, base: { certificates: 1 } });
  expect(await blocks()).toEqual([one, custom]);
  expect((await check()).exitCode).toBe(0);
  const again = JSON.parse(String((await build('--normalize')).stdout));
  expect(again.changes.map(({ status }: { status: string }) => status)).toEqual(['unchanged', 'unchanged']);

  await writeFile(image, indented(one) + two);
  expect((await check()).exitCode).toBe(10);
  expect((await check('--update')).exitCode).toBe(0);
  expect(await blocks()).toEqual([one, two, custom]);
  expect((await check()).exitCode).toBe(0);
});

test('What --normalize left out of a base is an error again without it', async () => {
  const { der } = makeCertificate({ subject: { CN: 'Damaged' } });
  const damaged = Buffer.from(der.toString('latin1').replace('\xa0\x03\x02', '\xa0\x03\x03'), 'latin1');
  const { build, blocks } = await makeFolder(one + toPem(damaged));
  const { exitCode, stdout } = await build('--normalize');
  expect({ exitCode, warnings: JSON.parse(String(stdout)).warnings }).toMatchObject({
    exitCode: 0,
    warnings: [expect.stringContaining('left out: block 2 (line 10) is not a valid certificate')],
  });
  expect(await blocks()).toEqual([one, custom]);
  expect((await build('--force')).exitCode).toBe(65);
});

test('A certificate that the base has in a form that Go does not read is added, and the loss is told', async () => {
  const { build, blocks } = await makeFolder(
    one + custom.replaceAll('CERTIFICATE', 'X509 CERTIFICATE') + indented(two),
  );
  const { facts, warnings } = JSON.parse(String((await build()).stdout));
  expect(facts.caBundle.added).toHaveLength(1);
  expect(warnings).toEqual([
    expect.stringContaining('Go (Terraform) does not read 2 of its 3 certificates'),
    expect.stringContaining('OpenSSL (git, curl) does not read 1 of its 3 certificates'),
  ]);
  expect((await blocks())?.at(-1)).toBe(custom);
});
