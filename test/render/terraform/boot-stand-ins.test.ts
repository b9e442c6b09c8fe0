import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { BEHAVING, type BehaviourName, behaviourInputs, behaviourWorld } from '../../services/boot/behaviours.ts';
import { BOOT_NEEDS, type BootResult, bootUserData } from '../../services/boot/boot.ts';
import { fillModules, RELEASES, type Release, type ReleaseName } from '../../services/boot/releases.ts';
import { testWith } from '../../services/programs.ts';
import { oneOfEach } from '../../services/slice.ts';

const withMachine = testWith(...BOOT_NEEDS, 'terraform');

/** Releases whose launcher is a unit that reads the environment from a file. */
const WITH_FILE: readonly ReleaseName[] = ['AWS v6.0.3', 'Azure v3.0.0'];
/** Releases with `set -e` in force while the configuration runs. */
const STRICT: readonly ReleaseName[] = ['AWS v5.6.5', 'Azure v2.1.0', 'GCP v1.5.2'];
const SELF_HOSTED: ReleaseName = 'AWS v6.0.3 self-hosted';

const end = (release: ReleaseName) => (RELEASES[release].cloud === 'azure' ? 'reboot' : 'poweroff');
const started = { launcherStarted: true, poweredOff: undefined };
const isOff = (release: ReleaseName) => ({ launcherStarted: false, poweredOff: end(release) });
const withVariables = (environment: Record<string, unknown>) => ({ ...started, environment });

/** What each release does, as the vendor's own text does: compared by hand, and written down in README.md there. */
const EXPECTED: Readonly<Record<BehaviourName, (release: ReleaseName) => object>> = {
  'nothing else': (release) => ({ ...started, user: release === SELF_HOSTED ? 'spacelift' : 'root' }),
  // The launcher starts although a line failed: what the rendered configuration has to guard against.
  'a line fails': (release) => (STRICT.includes(release) ? isOff(release) : withVariables({ AFTER: 'yes' })),
  'exit 1': (release) => ({ ...isOff(release), ...(WITH_FILE.includes(release) && { poweredOff: undefined }) }),
  // Outside of a function it is an error like any other.
  'return 1': (release) => (release === SELF_HOSTED ? started : isOff(release)),
  'strict options that stay on': () => started,
  'a mask that stays on': () => started,
  'a secret of several lines': (release) => {
    const lost = expect.not.objectContaining({ SPACELIFT_TOKEN: expect.anything() });
    const inJournal = expect.stringMatching(/Ignoring invalid environment assignment .*PRIVATE_KEY.*a2V5a2U=/);
    return WITH_FILE.includes(release) ? { ...started, environment: lost, journal: inJournal } : started;
  },
  'a value with quotes': () => withVariables({ QUOTED: 'a"b' }),
  'a value with a backslash': (release) => withVariables({ SLASHED: WITH_FILE.includes(release) ? 'anb' : 'a\\nb' }),
  'a value of two lines': (release) =>
    withVariables(WITH_FILE.includes(release) ? { LINES: '1', INJECTED: '2' } : { LINES: '1\nINJECTED=2' }),
  // Root's shell evaluates it while the launcher's script is written.
  'a command in a value': () => withVariables({ WHO: 'root' }),
  'an escaped command in a value': () => withVariables({ WHO: 'spacelift' }),
  'a file below /etc': (release) =>
    release === SELF_HOSTED
      ? { environment: expect.not.objectContaining({ COULD: 'yes' }) }
      : withVariables({ COULD: 'yes' }),
  // The rest is run by root, at once, and the script that was to be written has no launcher in it.
  'a line of EOF': () => ({ user: 'root', environment: expect.not.objectContaining({ BEFORE: '1' }) }),
  'the launcher ends': (release) => ({ launcherStarted: true, poweredOff: end(release), pauses: ['15'] }),
  'another launcher than the signed one': isOff,
  'no launcher in the bucket': isOff,
  'a FedRAMP token': () => started,
  'a FedRAMP token of a development installation': (release) =>
    release === 'Azure v2.1.0' || release === 'GCP v1.5.2' ? isOff(release) : started,
  'as root': () => ({ ...started, user: 'root' }),
  'no power-off': () => ({ launcherStarted: true, poweredOff: undefined }),
  proxies: () =>
    withVariables({ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: 'localhost', SPACELIFT_WHITELIST_ENVS: '' }),
  'proxies, and Docker does not start': () => started,
  certificates: () => ({ ...started, calls: expect.arrayContaining(['update-ca-trust ']) }),
  'no agent': () => ({ ...started, calls: expect.arrayContaining(['systemctl stop amazon-cloudwatch-agent']) }),
  'a shutdown after a failure': () => ({ launcherStarted: false, poweredOff: 'poweroff' }),
  'nothing after a failure': () => ({ launcherStarted: false, poweredOff: undefined }),
  // v3.0.0 leaves an if without a command, which bash refuses: the script is never run.
  'nothing after the end': (release) => ({ launcherStarted: release === 'Azure v2.1.0', poweredOff: undefined }),
  'no upgrade': () => started,
};

/** The boots of today, which are filled in together: each behaviour with one release. */
const BOOTS = oneOfEach(BEHAVING, ({ behaviour }) => behaviour);
let texts: ReturnType<typeof fillModules<string>> | undefined;

async function boot(each: (typeof BEHAVING)[number]): Promise<BootResult> {
  const name = ({ release, behaviour }: (typeof BEHAVING)[number]) => `${release}: ${behaviour}`;
  texts ??= fillModules(Object.fromEntries(BOOTS.map((one) => [name(one), behaviourInputs(one)])));
  return bootUserData((await texts)[name(each)] ?? '', await behaviourWorld(each));
}

withMachine.each(BOOTS)('the stand-in for $release: $behaviour', async (each) => {
  expect(await boot(each)).toMatchObject(EXPECTED[each.behaviour](each.release));
});

test.each(Object.entries(RELEASES))('%s: the stand-in is no longer than what it stands for', async (_name, release) => {
  const { template }: Release = release;
  const bytes = { 'aws-saas': 4929, 'aws-saas-5': 4180, 'aws-selfhosted': 6393, azure: 4691, gcp: 3810 };
  const limit = bytes[template as keyof typeof bytes] ?? bytes.azure;
  expect((await readFile(`test/fixtures/boot/${template}.tftpl`)).length).toBeLessThanOrEqual(limit);
});
