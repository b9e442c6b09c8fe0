import { expect } from 'vitest';
import { BOOT_NEEDS, bootUserData } from '../../services/boot/boot.ts';
import { FAILING, FAILURES, PRIVATE_KEY, TOKEN, WELL } from '../../services/boot/cases.ts';
import { type CaDelivery, PLANNED, type PlannedName, planBoots } from '../../services/boot/planned.ts';
import { testWith } from '../../services/programs.ts';
import { oneOfEach, sliceOf } from '../../services/slice.ts';

const withMachine = testWith(...BOOT_NEEDS, 'terraform');

/** What is booted today: each release, each failure, and one of those whose rights may be late. */
const STARTING = oneOfEach(WELL, ({ release }) => release);
const STOPPING = oneOfEach(FAILING, ({ failure }) => failure);
const LATE = sliceOf(['Azure v3.0.0', 'Azure v2.1.0', 'GCP v1.5.2'] as const, 3);
/** The release whose user data is changed before it is booted. */
const CHANGED = 'AWS v6.0.3';

/** Rendered and planned once for all boots. */
let boots: ReturnType<typeof planBoots> | undefined;

async function prepare(release: PlannedName, delivery: CaDelivery) {
  const late = LATE.map((each) => ({ release: each, delivery: 'none' }) as const);
  const changed = (['none', 'host'] as const).map((each) => ({ release: CHANGED, delivery: each }) as const);
  boots ??= planBoots([...STARTING, ...STOPPING, ...late, ...changed], { token: TOKEN, key: PRIVATE_KEY });
  return (await boots)(release, delivery);
}

withMachine.each(STARTING)(
  '$release, CA bundle by $delivery: the launcher starts with everything it needs',
  async ({ release, delivery }) => {
    const { userData, world } = await prepare(release, delivery);
    const { log, journal, ...boot } = await bootUserData(userData, world);
    const mounts = '/etc/spacelift/custom-ca-bundle.crt:/etc/ssl/certs/ca-certificates.crt';
    expect({ ...boot, log }).toMatchObject({
      launcherStarted: true,
      environment: {
        SPACELIFT_TOKEN: TOKEN,
        SPACELIFT_POOL_PRIVATE_KEY: PRIVATE_KEY,
        SPACELIFT_WORKER_COMMS_PROTOCOL: 'poll',
        SPACELIFT_WORKER_COMMS_URL: 'https://app.spacelift.io',
        ...(delivery !== 'none' && { SPACELIFT_WORKER_EXTRA_MOUNTS: mounts }),
      },
      bundle: delivery === 'none' ? undefined : expect.stringContaining('BEGIN CERTIFICATE'),
      poweredOff: undefined,
      pauses: [],
      leftovers: [],
    });
    expect(`${log}${journal}`).not.toContain(PRIVATE_KEY);
  },
);

withMachine.each(STOPPING)(
  '$release, CA bundle by $delivery: $failure, and no launcher starts',
  async ({ release, delivery, failure }) => {
    const { userData, world } = await prepare(release, delivery);
    const { cloud } = PLANNED[release];
    const changed = { ...world, ...FAILURES[failure]?.change(world) };
    const { log, journal, launcherStarted, poweredOff } = await bootUserData(userData, changed);
    const expected = { launcherStarted: false, poweredOff: cloud === 'azure' ? 'reboot' : 'poweroff' };
    expect({ launcherStarted, poweredOff, log }).toMatchObject(expected);
    expect(`${log}${journal}`).not.toContain(PRIVATE_KEY);
  },
);

withMachine.each(LATE)('%s: a right given a moment ago is waited for, five minutes at most', async (release) => {
  const { userData, world } = await prepare(release, 'none');
  const late = await bootUserData(userData, { ...world, refusals: 3 });
  expect(late).toMatchObject({ launcherStarted: true, environment: { SPACELIFT_TOKEN: TOKEN } });
  expect(late.pauses).toEqual(['15', '15', '15']);
  const never = await bootUserData(userData, { ...world, refusals: 1000 });
  expect({ ...never, log: '' }).toMatchObject({ launcherStarted: false, leftovers: [] });
  // The last pause is the module's own, before it powers off.
  expect(never.pauses).toEqual(Array(20).fill('15'));
});

/** Changes user data. @throws Error where that changes nothing */
function plant(userData: string, text: string, fault: string): string {
  const planted = userData.replace(text, fault);
  if (planted === userData) throw new Error(`nothing is planted in place of "${text}"`);
  return planted;
}

withMachine(
  'a JSON secret of several lines leaves no key in the journal, as it would without a line of ours',
  async () => {
    const { userData, world } = await prepare(CHANGED, 'none');
    // Padded, as a key may be: its line in the environment file is then one that systemd rejects, and quotes.
    const secrets = { SPACELIFT_TOKEN: TOKEN, SPACELIFT_POOL_PRIVATE_KEY: 'a2V5IG9mIHRoZSBwb29sLg==' };
    const pretty = Object.keys(world.secrets).map((name) => [name, JSON.stringify(secrets, undefined, 2)]);
    const changed = { ...world, secrets: Object.fromEntries(pretty) };
    const boot = await bootUserData(userData, changed);
    expect(boot).toMatchObject({ launcherStarted: true, environment: secrets });
    expect(boot.journal).not.toContain('a2V5');
    const planted = await bootUserData(plant(userData, 'unset SECRET_VALUE\n', ''), changed);
    expect(planted.journal).toContain(secrets.SPACELIFT_POOL_PRIVATE_KEY);
  },
);

withMachine(
  'a line that fails among the steps keeps the launcher from starting; outside of them it does not',
  async () => {
    const { userData, world } = await prepare(CHANGED, 'host');
    const within = plant(userData, 'mkdir -p /usr/local/sbin\n', 'false\nmkdir -p /usr/local/sbin\n');
    expect(await bootUserData(within, world)).toMatchObject({ launcherStarted: false, poweredOff: 'poweroff' });
    const outside = plant(userData, 'unset SECRET_VALUE\n', 'false\nunset SECRET_VALUE\n');
    expect(await bootUserData(outside, world)).toMatchObject({ launcherStarted: true });
  },
);
