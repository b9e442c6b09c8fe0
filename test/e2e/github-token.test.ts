import { expect, test } from 'vitest';
import { spacectl } from '../services/program.ts';
import { type Spacelift, startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** The forms of GitHub's access tokens: classic, fine-grained, and of an OAuth app. */
const TOKENS = ['ghp_', 'github_pat_11ABCDEFG0', 'gho_'].map((prefix) => `${prefix}${'4fQ9z_'.repeat(6)}`);

/** What goes wrong, with answers that repeat the token, and how the program ends. */
const TROUBLES: readonly (readonly [string, (server: Spacelift, token: string) => void, number])[] = [
  ['is rejected', () => {}, 77],
  [
    'comes back in an error of Spacelift',
    (server, token) => server.trouble({ errors: [{ message: `cannot use ${token}, sorry` }] }),
    69,
  ],
  [
    'comes back in a page of a proxy',
    (server, token) => server.trouble({ status: 403, body: `<html>token=${token}</html>` }),
    77,
  ],
  [
    'comes back where a redirect leads',
    (server, token) => server.trouble({ status: 302, headers: { location: `${server.url}/${token}?token=${token}` } }),
    69,
  ],
];

test.each(TOKENS.flatMap((token) => TROUBLES.map((trouble) => [token.slice(0, 11), ...trouble, token] as const)))(
  'a GitHub token (%s…) that %s is shown nowhere, not even while debugging',
  async (_prefix, _case, spoil, exitCode, token) => {
    const server = await startSpacelift();
    spoil(server, token);
    const env = {
      SPACELIFT_API_KEY_ENDPOINT: server.url,
      SPACELIFT_API_GITHUB_TOKEN: token,
      SPACELIFT_CONFIG_DIR: await temporaryFolder(),
      DEBUG: '*',
    };
    for (const more of [[], ['--json']]) {
      const run = await spacectl(['whoami', ...more], { env });
      if (more.length === 0) expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode });
      expect(run.exitCode).not.toBe(1);
      expect(`${run.stdout}${run.stderr}`).toMatch(/Spacelift|127\.0\.0\.1/);
      expect(`${run.stdout}${run.stderr}`).not.toContain(token.slice(-20));
    }
    expect(server.bodies.some((body) => body.includes(token))).toBe(true);
  },
);
