import { KEY } from '../render.ts';
import { type CaDelivery, PLANNED, type Planned, type PlannedName } from './planned.ts';
import { RELEASES, type Release, type ReleaseName, SELF_HOSTED_LAUNCHER } from './releases.ts';
import { secretsOf } from './secrets.ts';
import { createWorld, type World } from './world.ts';

/** Every planned release with every way of the CA bundle. */
export const WELL = Object.entries<Planned>(PLANNED).flatMap(([release, { deliveries }]) =>
  deliveries.map((delivery) => ({ release: release as PlannedName, delivery })),
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
  readonly change: (world: World) => Partial<World>;
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
    change: (world) => ({ secrets: without(world, TOKEN) }),
  },
  'the private key is empty': {
    deliveries: ['none'],
    change: (world) => ({ secrets: without(world, PRIVATE_KEY) }),
  },
};

/** Every release with every failure that can happen with its ways of the CA bundle. */
export const FAILING = WELL.flatMap(({ release, delivery }) => {
  const possible = Object.entries(FAILURES).filter(([, { deliveries }]) => deliveries.includes(delivery));
  return possible.map(([failure]) => ({ release, delivery, failure }));
});

/** The world of a release when all is well: the pool's secrets, and a self-hosted launcher. */
export async function worldFor(release: ReleaseName): Promise<World> {
  const { cloud }: Release = RELEASES[release];
  const world = await createWorld(cloud, { secrets: secretsOf(cloud, TOKEN, PRIVATE_KEY) });
  return { ...world, objects: { [SELF_HOSTED_LAUNCHER]: world.launcher } };
}

function without({ secrets }: World, text: string): World['secrets'] {
  const emptied = Object.entries(secrets).map(([name, value]) => [name, value.replaceAll(text, '')]);
  return Object.fromEntries(emptied);
}

function changeBundle(objects: World['objects'], change: (bundle: string) => string | undefined): World['objects'] {
  const changed = Object.entries(objects).map(([name, object]) => {
    return [name, typeof object === 'string' ? change(object) : object] as const;
  });
  return Object.fromEntries(
    changed.filter((each): each is readonly [string, string | Buffer] => each[1] !== undefined),
  );
}
