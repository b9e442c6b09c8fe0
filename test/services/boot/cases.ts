import { KEY } from '../render.ts';
import { type ModuleInputs, RELEASES, type Release, type ReleaseName, SELF_HOSTED_LAUNCHER } from './releases.ts';
import { type CaDelivery, type Rendered, renderInputs, secretsOf } from './user-data.ts';
import { type Cloud, createWorld, type World } from './world.ts';

export const NAMES = Object.keys(RELEASES) as ReleaseName[];
const DELIVERIES = ['none', 'host', 'store'] as const satisfies readonly CaDelivery[];

/** Every release with every way of the CA bundle: a whole one fits into the user data of GCP alone. */
export const WELL: readonly { readonly release: ReleaseName; readonly delivery: CaDelivery }[] = NAMES.flatMap(
  (release) => {
    const more = RELEASES[release].cloud === 'gcp' ? ['inline' as const] : [];
    return [...DELIVERIES, ...more].map((delivery) => ({ release, delivery }));
  },
);

/** The pool's secrets. */
export const TOKEN = tokenFor('x.iot.eu-west-1.amazonaws.com');
export const PRIVATE_KEY = Buffer.from(KEY).toString('base64');

/** A pool token for a broker. */
export function tokenFor(endpoint: string): string {
  return Buffer.from(JSON.stringify({ broker: { endpoint } })).toString('base64');
}

interface Failure {
  /** The ways of the CA bundle with which it can happen. */
  readonly deliveries: readonly CaDelivery[];
  readonly change: (world: World, cloud: Cloud) => Partial<World>;
}

/** What goes wrong at a boot, as a world in which it does. */
export const FAILURES: Readonly<Record<string, Failure>> = {
  'the object store has another bundle': {
    deliveries: ['store'],
    change: ({ objects }) => ({ objects: changeBundle(objects, (bundle) => `${bundle}\n`) }),
  },
  'the object store has no bundle': {
    deliveries: ['store'],
    change: ({ objects }) => ({ objects: changeBundle(objects, () => undefined) }),
  },
  'the registry does not answer': { deliveries: ['host'], change: () => ({ fails: ['registry'] }) },
  'Docker does not start': { deliveries: ['host'], change: () => ({ fails: ['docker-daemon'] }) },
  'a file cannot be written': { deliveries: ['host'], change: () => ({ fails: ['disk'] }) },
  'the secret store refuses': { deliveries: ['none', 'host'], change: () => ({ refusals: 1000 }) },
  'the token is empty': {
    deliveries: ['none', 'store'],
    change: (_, cloud) => ({ secrets: secretsOf(cloud, '', PRIVATE_KEY) }),
  },
  'the private key is empty': {
    deliveries: ['none'],
    change: (_, cloud) => ({ secrets: secretsOf(cloud, TOKEN, '') }),
  },
};

/** Every release with every failure. */
export const FAILING = NAMES.flatMap((release) =>
  Object.entries(FAILURES).flatMap(([failure, { deliveries }]) =>
    deliveries.map((delivery) => ({ release, delivery, failure })),
  ),
);

/** User data and the world it boots in when all is well. */
export interface Boot {
  readonly userData: string;
  readonly world: World;
}

/** Where user data comes from: what a module makes of its inputs, by name. */
export type Fill = (inputs: Readonly<Record<string, ModuleInputs>>) => Promise<Record<string, string>>;

/** Makes the user data of every release and delivery at once. @returns what finds one of them */
export async function prepareBoots(fill: Fill): Promise<(release: ReleaseName, delivery: CaDelivery) => Promise<Boot>> {
  const rendered = new Map<string, Rendered>();
  for (const { release, delivery } of WELL) {
    rendered.set(`${release} ${delivery}`, await renderInputs(release, delivery));
  }
  const texts = await fill(Object.fromEntries([...rendered].map(([name, { inputs }]) => [name, inputs])));
  return async (release, delivery) => {
    const name = `${release} ${delivery}`;
    const [userData, objects] = [texts[name], rendered.get(name)?.objects];
    if (userData === undefined || !objects) throw new Error(`no user data for ${name}`);
    return { userData, world: await worldFor(release, objects) };
  };
}

/** The world of a release when all is well: the pool's secrets, a self-hosted launcher, and any other objects. */
export async function worldFor(release: ReleaseName, objects: World['objects'] = {}): Promise<World> {
  const { cloud }: Release = RELEASES[release];
  const world = await createWorld(cloud, { secrets: secretsOf(cloud, TOKEN, PRIVATE_KEY) });
  return { ...world, objects: { ...objects, [SELF_HOSTED_LAUNCHER]: world.launcher } };
}

function changeBundle(objects: World['objects'], change: (bundle: string) => string | undefined): World['objects'] {
  const changed = Object.entries(objects).map(([name, object]) => {
    return [name, typeof object === 'string' ? change(object) : object] as const;
  });
  return Object.fromEntries(
    changed.filter((each): each is readonly [string, string | Buffer] => each[1] !== undefined),
  );
}
