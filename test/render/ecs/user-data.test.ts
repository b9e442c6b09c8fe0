import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type Boot, renderBootScript } from '../../../src/render/cloud/boot-script.ts';
import { renderFitting } from '../../../src/render/cloud/fitting.ts';
import { measureUserData } from '../../../src/render/ecs/user-data.ts';
import { block, expression, formatHcl } from '../../../src/render/format/hcl/hcl.ts';
import { testWith } from '../../services/programs.ts';
import { evaluateLocals } from '../../services/terraform.ts';

const CLUSTER = 'spacelift-pool';
const measure = measureUserData(CLUSTER);

/** A text that has the shape of a certificate, and compresses as badly. */
function certificate(): string {
  const lines =
    randomBytes(1100)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** An instance that builds the CA bundle with this many certificates. */
async function scriptWith(count: number): Promise<Boot> {
  const certificates = Buffer.from(Array.from({ length: count }, certificate).join(''));
  const script = await readFile('templates/host/spacelift-update-ca-bundle');
  const delivery = { by: 'host', certificates, script } as const;
  return { cloud: 'aws', settings: {}, delivery, secrets: 'none', stop: 'spacectl_stop', ecs: { isSpot: true } };
}

testWith('terraform')('the size that is said is what Terraform makes, or a little more', async () => {
  const texts = await Promise.all([1, 4, 9, 14].map(async (count) => renderBootScript(await scriptWith(count))));
  const others = [
    '',
    'x',
    'x'.repeat(50_000),
    randomBytes(12_000).toString('base64'),
    await readFile('CHANGELOG.md', 'utf8'),
  ];
  const all = [...texts, ...others];
  const compressed = Object.fromEntries(
    all.map((text, index) => {
      const whole = `#!/bin/bash\nspacectl_cluster=${CLUSTER}\n${text}`;
      return [`t${index}`, expression`base64gzip(${whole})`];
    }),
  );
  const real = await evaluateLocals(formatHcl([block('locals', [], { all: compressed })]));
  for (const [index, text] of all.entries()) {
    const bytes = Buffer.from(String(real[`t${index}`]), 'base64').length;
    expect(measure(text).bytes).toBeGreaterThanOrEqual(bytes);
    expect(measure(text).bytes).toBeLessThanOrEqual(bytes * 1.02 + 60);
  }
});

test('what does not fit is refused, with how many certificates would', async () => {
  await expect(renderFitting(await scriptWith(30), measure, { hasStore: false })).rejects.toMatchObject({
    code: 'SPACECTL_TOO_LARGE',
    message: expect.stringMatching(/^Compressed boot data: \d\d,\d{3} of the 16,384 bytes that AWS accepts/),
    suggestions: [
      {
        text: expect.stringMatching(/^Pass fewer certificates, only the roots: \d+ of your 30 certificates would fit$/),
      },
    ],
  });
});
