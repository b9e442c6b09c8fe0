import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { setupParts } from '../../src/setup/index.ts';
import { ask, type Prompter } from '../../src/step/ask.ts';
import { inputsOf, rulesOf } from '../../src/step/conversation.ts';
import { plainName } from '../../src/step/given.ts';
import type { Answers } from '../../src/step/input.ts';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

type Texts = readonly string[];

/** Two answers that contradict each other. */
interface Pair {
  readonly targets: Texts;
  /** What the pool's folder has already, by places in spacectl.yaml. */
  readonly saved?: Readonly<Record<string, Texts>>;
  /** The input that is answered second, and wrong; then, asked again, right. */
  readonly second: readonly [name: string, wrong: Texts, right: Texts];
  /** The input that is asked again. Default: the second. */
  readonly again?: string;
  readonly says: string;
}

const ON_HOSTS = ['systemd', 'cloud-init', 'ansible'] as const;
const onHosts = (pair: Omit<Pair, 'targets'>): readonly Pair[] =>
  ON_HOSTS.map((each) => ({ targets: [each], ...pair }));

/** Every pair of answers that cannot be, as one may come to it in the wizard. */
const PAIRS: readonly Pair[] = [
  {
    targets: ['terraform-aws', 'ecs'],
    second: ['pool', ['token'], ['create']],
    says: 'terraform-aws and ecs would each create their own worker pool',
  },
  {
    targets: ['cloud-init'],
    saved: { 'hosts.secrets-from': ['aws-ssm:token'] },
    second: ['cloud-init/embed-secrets', ['true'], ['false']],
    says: '--embed-secrets and --secrets-from conflict',
  },
  {
    targets: ['terraform-aws'],
    second: ['terraform-aws/spot', ['true'], ['true']],
    again: 'terraform-aws/accept-spot-risk',
    says: '--spot needs --accept-spot-risk',
  },
  {
    targets: ['ecs'],
    saved: { 'ecs.spot': ['true'] },
    second: ['ecs/accept-spot-risk', ['false'], ['true']],
    says: '--spot needs --accept-spot-risk',
  },
  {
    targets: ['terraform-aws'],
    saved: { 'terraform-aws.min-size': ['4'] },
    second: ['terraform-aws/max-size', ['3'], ['9']],
    says: '--min-size 4 is greater than --max-size 3',
  },
  ...['terraform-aws', 'ecs'].map((target) => ({
    targets: [target],
    saved: { [`${target}.instance-type`]: ['t3.small'] },
    second: [`${target}/arch`, ['arm64'], ['arm64']] as const,
    again: `${target}/instance-type`,
    says: 't3.small has architecture x86_64, but the image is arm64',
  })),
  {
    targets: ['terraform-azure'],
    second: ['terraform-azure/vm-size', ['Standard_D2ps_v5'], ['Standard_B2S']],
    says: 'Standard_D2ps_v5 has architecture arm64',
  },
  {
    targets: ['terraform-gcp'],
    // Otherwise gcloud would be asked.
    saved: { 'pool.offline': ['true'], 'terraform-gcp.zone': ['us-central1-a'] },
    second: ['terraform-gcp/region', ['europe-west1'], ['europe-west1']],
    again: 'terraform-gcp/zone',
    says: '--zone us-central1-a is not in --region europe-west1',
  },
  {
    targets: ['ansible'],
    second: ['secrets', ['encrypted'], ['credentials']],
    says: 'the role keeps an unencrypted copy',
  },
  ...onHosts({
    saved: { 'hosts.secrets': ['credentials'] },
    second: ['secrets-from', ['aws-ssm:token'], []],
    says: '--secrets credentials and --secrets-from conflict',
  }),
  ...onHosts({
    saved: { 'hosts.systemd-version': ['240'] },
    second: ['secrets', ['credentials'], ['file']],
    says: '--secrets credentials needs systemd 247, not 240',
  }),
  ...onHosts({
    saved: { 'hosts.systemd-version': ['238'] },
    second: ['logs', ['files'], ['journal']],
    says: '--logs files needs systemd 240, not 238',
  }),
  ...onHosts({
    second: ['launcher-from', ['https://example.com/launcher'], ['https://example.com/launcher']],
    again: 'launcher-sha256',
    says: 'Missing --launcher-sha256',
  }),
];

/** Answers to what is asked again, if they are not those of the input answered second. */
const REPAIRS: Readonly<Record<string, Texts>> = {
  'accept-spot-risk': ['true'],
  'instance-type': ['t4g.small'],
  zone: ['europe-west1-b'],
  'launcher-sha256': ['0'.repeat(64)],
};

const inputs = inputsOf(setupParts);

beforeEach(() => {
  vi.stubEnv('SPACELIFT_API_KEY_ENDPOINT', 'https://demo.app.spacelift.io');
  vi.stubEnv('SPACELIFT_API_KEY_ID', 'id');
  vi.stubEnv('SPACELIFT_API_KEY_SECRET', 'secret');
});
afterEach(() => vi.unstubAllEnvs());

/** Runs the wizard's questions. @returns what was asked, with the text above the prompt, and the values at the end */
async function converse({ targets, saved = {}, second: [name, wrong, right] }: Pair, dir: string) {
  const asked: { readonly name: string; readonly above: string }[] = [];
  const prompter: Prompter = {
    async ask(each, { description = '' }) {
      const isFirst = asked.every((other) => other.name !== each);
      asked.push({ name: each, above: description });
      expect(asked.length).toBeLessThan(12);
      if (each === name) return isFirst ? wrong : right;
      return REPAIRS[plainName(each)] ?? [each];
    },
  };
  const given = { flags: { dir: [dir], target: targets }, environment: {}, answersFile: {}, saved };
  const entered = new Map<string, Texts>();
  const edit = name === 'pool' ? undefined : name;
  const asksFor = (each: string) => each === name;
  const options = { prompter, offersDefaults: true, asksFor, entered, edit, rules: rulesOf(setupParts) };
  const { values } = await ask(inputs, given, { ...options, readSaved: async () => saved });
  return { asked, values };
}

/** Lists the rules that answers break, by their places among all rules. */
function brokenBy(values: Answers): readonly number[] {
  return rulesOf(setupParts).flatMap(({ check }, index) => {
    try {
      check(values as never);
      return [];
    } catch {
      return [index];
    }
  });
}

/** Answers without a prompt. */
async function valuesOf({ targets, saved = {}, second: [name, wrong] }: Pair, dir: string): Promise<Answers> {
  const flags = { dir: [dir], target: targets, ...(name.includes('/') ? {} : { [name]: wrong }) };
  const filed = { ...saved, ...(name.includes('/') ? { [name.replace('/', '.')]: wrong } : {}) };
  const login = { name: ['demo'], 'pool-id': [] };
  return (await ask(inputs, { flags, environment: { ...login } as never, answersFile: filed })).values;
}

test.each(PAIRS)('$targets: $second.0 says "$says", and is asked for again', async (pair) => {
  const { asked, values } = await converse(pair, path.join(await temporaryFolder(), 'pool'));
  const again = pair.again ?? pair.second[0];
  const at = asked.findIndex(({ name, above }) => plainName(name) === plainName(again) && above.includes(pair.says));
  expect(asked[at]).toBeDefined();
  // Right behind the second answer: nothing else is asked between.
  expect(asked[at - 1]?.name).toBe(pair.second[0]);
  expect(brokenBy(values)).toEqual([]);
});

test.each(PAIRS)('$targets: without a terminal, $second.0 is one error', async (pair) => {
  const cwd = await temporaryFolder();
  const { targets, saved = {}, second } = pair;
  const given = Object.entries({ ...saved, [second[0].replace('/', '.')]: second[1] });
  // A switch that is off is one that is not passed.
  const flags = given.flatMap(([place, [text]]) => {
    const flag = place.slice(place.lastIndexOf('.') + 1);
    if (text === 'false') return [];
    return text === 'true' ? `--${flag}` : `--${flag}=${text}`;
  });
  const all = [...targets.map((each) => `--target=${each}`), ...flags];
  const run = await spacectl(['init', 'pool', '--no-input', '--offline', '--dry-run', ...all.filter(isNotPool)], {
    cwd,
  });
  expect(run).toMatchObject({ exitCode: 2 });
  const said = String(run.stderr);
  expect(said).toContain(pair.says);
  expect(said.match(/Error/g)).toHaveLength(1);
});

/** With --offline, a token file is the only source of a pool. */
const isNotPool = (flag: string) => !flag.startsWith('--pool=');

test('There is a pair for every rule', async () => {
  const dir = path.join(await temporaryFolder(), 'pool');
  const broken = new Set<number>();
  for (const pair of PAIRS) for (const each of brokenBy(await valuesOf(pair, dir))) broken.add(each);
  expect([...broken].sort((one, other) => one - other)).toEqual(rulesOf(setupParts).map((_, index) => index));
});
