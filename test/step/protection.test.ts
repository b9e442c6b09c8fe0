import { expect, test, vi } from 'vitest';
import { formatChange, jsonReport } from '../../commands/terminal/report.ts';
import { known } from '../../src/step/content.ts';
import type { FileChange, Plan } from '../../src/step/plan.ts';
import { withProtection } from '../../src/step/protection.ts';

const change = (settings: Partial<FileChange>): FileChange => ({
  kind: 'file',
  step: 'keypair',
  path: '/srv/my pool/spacelift.key',
  mode: 0o600,
  isSecret: true,
  content: known('a'),
  status: 'create',
  ...settings,
});
const planOf = (settings: Partial<FileChange> = {}): Plan => ({ changes: [change(settings)], warnings: ['before'] });

test('a secret outside of the profile is as readable as its directory on Windows, and the warning says how to change that', () => {
  const windows = { platform: 'win32', home: '/Users/a' };
  expect(withProtection(planOf(), windows).warnings).toEqual([
    'before',
    `Windows has no file modes: everyone who may read /srv/my pool can read the secrets in it. To let only yourself read it, in PowerShell: icacls '/srv/my pool' /inheritance:r /grant:r "$(whoami):(OI)(CI)F"`,
  ]);
  for (const quiet of [
    withProtection(planOf(), { ...windows, platform: 'linux' }),
    withProtection(planOf({ path: '/Users/a/pool/spacelift.key' }), windows),
    withProtection(planOf({ isSecret: false }), windows),
    withProtection(planOf({ status: 'unchanged' }), windows),
  ])
    expect(quiet.warnings).toEqual(['before']);
});

test('a report claims no mode where files have none', async () => {
  const step = { id: 'keypair', title: 'the key pair', inputs: {}, plan: async () => planOf() };
  const report = async () => [
    await formatChange(change({}), false),
    JSON.stringify(await jsonReport('x', [{ step, plan: planOf() }], { dryRun: false })),
  ];
  expect((await report()).map((text) => text.includes('0600'))).toEqual([true, true]);
  const platform = vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
  try {
    const [line, document] = await report();
    expect(line).toMatch(/spacelift\.key .*\(secret\)/);
    expect(document).toContain('"secret":true');
    expect(`${line}${document}`).not.toContain('0600');
  } finally {
    platform.mockRestore();
  }
});
