import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { describeCommands } from '../../commands/index.ts';
import { placeForExamples } from '../services/examples.ts';
import { sliceOf } from '../services/slice.ts';

/** They change the machine itself: tests of hosts run them on hosts of their own. */
const CHANGES_THE_MACHINE = /\b(?:host (?:install|uninstall|update)|deploy|retire)\b/;
/** They run until they are interrupted, or for minutes. */
const ENDLESS = /workerpool watch|--rolling/;

/** Examples that do not end with 0 here: how they end, and why. */
const OTHERWISE: readonly (readonly [RegExp, number, string])[] = [
  [
    /^spacectl init$|profile login acme$|ami latest --arch|(?:rotate|reset|delete) --[\w-]+ \S+$/,
    2,
    'asks on a terminal',
  ],
  [/^spacectl ami check (?:spacelift|ami)-|^aws /, 10, 'the image does not exist'],
  [/^spacectl ami .*--region eu-west-1/, 77, 'there are no credentials for AWS'],
  [
    /\bdoctor\b|host status|^spacectl status my-pool(?! --update)/,
    10,
    'this machine is no worker, and the pool is not finished',
  ],
  [/ca-bundle check --bundle/, 10, 'the check finds something'],
  [/registry\.example\.com|ca-bundle probe|build --ca corporate-root\.pem$/, 69, 'the server is not in reach'],
  [/launcher download(?: --(?:arch|dir)|$)|acme\.app\.spacelift\.io/, 69, 'the server is not in reach'],
  [/launcher (?:verify|download --(?:offline-dir|from))/, 74, 'the file does not exist'],
  [/runner\.tar\.xz/, 2, 'the archive does not exist'],
  [/\bcurl -fLO "/, 7, 'the server is not in reach of curl'],
  [/xargs -n 1 curl/, 123, 'the server is not in reach of curl'],
];

/** The commands of a page, without comments. Those with placeholders, and those of other programs, are left out. */
function commandsIn(page: string): readonly string[] {
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  const lines = blocks.flatMap((block) => block.split('\n')).map((line) => line.replace(/\s+#.*/, ''));
  return lines.filter((line) => /^spacectl /.test(line) && !/\b(?:ID|WORKER)\b(?!")|--source docker/.test(line));
}

// The guides and the page about fleets have tests of their own, which run all of their commands in order.
const PAGES = (await readdir('docs')).filter((name) => name.endsWith('.md') && name !== 'fleet.md');
const TEXTS = await Promise.all(
  ['README.md', ...PAGES.map((name) => `docs/${name}`)].map((file) => readFile(file, 'utf8')),
);
const HELP = Object.values(await describeCommands()).flatMap(({ examples }) => examples);
const EXAMPLES = [...new Set([...HELP, ...TEXTS.flatMap(commandsIn)])].filter(
  (line) => !CHANGES_THE_MACHINE.test(line),
);

test('the examples of help, README and pages work as they are written', { timeout: 600_000 }, async () => {
  const { env, renew } = await placeForExamples();
  const wrong: string[] = [];
  for (const line of sliceOf(EXAMPLES, 8)) {
    const timeout = ENDLESS.test(line) ? 4000 : 60_000;
    const options = {
      cwd: await renew(),
      env,
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      all: true,
      timeout,
    } as const;
    const { exitCode, all, timedOut } = await execa('bash', ['-c', `set -o pipefail; ${line}`], options);
    const [, expected = 0] = OTHERWISE.find(([pattern]) => pattern.test(line)) ?? [];
    const isRight = ENDLESS.test(line) ? timedOut : exitCode === expected;
    if (!isRight) wrong.push(`${line}: ${exitCode} instead of ${expected}: ${String(all).slice(0, 300)}`);
  }
  expect(wrong).toEqual([]);
});
