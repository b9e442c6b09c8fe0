import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { Client } from '../../../src/ca-bundle/clients/client.ts';
import { inspectImage } from '../../../src/ca-bundle/inspect-image.ts';
import { parseLocation, parsePlatform } from '../../../src/oci/index.ts';
import { ACCESS, baseIn, baseOf } from '../../services/distributions/base-of.ts';
import { DISTRIBUTIONS, type Distribution } from '../../services/distributions/trees.ts';
import { type Engine, ownPodman, podmanService, startDocker, useEngine } from '../../services/engine.ts';
import { NAMESPACES, ROOT, testWith } from '../../services/programs.ts';
import { sliceOf } from '../../services/slice.ts';
import { buildTar } from '../../services/tar.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const SOME = sliceOf(DISTRIBUTIONS, 10);
const platform = parsePlatform('linux/amd64');

/** Distributions whose OpenSSL is at no usual place: of these, an engine's image has to be read whole. */
const ELSEWHERE = ['nixos/nix'];

/** Makes an image of a distribution in an engine. */
async function load(engine: Engine, name: string, { entries, environment = [] }: Distribution): Promise<void> {
  const archive = path.join(await temporaryFolder(), 'root.tar');
  await writeFile(archive, buildTar(entries));
  const changes = environment.flatMap((each) => ['--change', `ENV ${each}`]);
  await engine.run('import', ...changes, archive, name);
}

/** Compares what is found out about the image in an engine with what its layers say. */
async function compare(engine: Engine, distribution: Distribution): Promise<void> {
  const { name } = distribution;
  const reference = `localhost/clients:${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
  await load(engine, reference, distribution);
  useEngine(engine);
  const { image: layers } = await baseOf(distribution);
  const location = await parseLocation(reference, engine.program);
  if (!layers || location.kind !== engine.program) throw new Error('no image');

  const whole = await inspectImage(location, platform, ACCESS, new AbortController().signal);
  expect({ name, isComplete: whole.isComplete }).toEqual({ name, isComplete: true });
  expect({ name, seen: sights(whole.clients) }).toEqual({ name, seen: sights(layers.map.clients) });

  const { image: quick } = await baseIn(location);
  const known = (quick?.map.clients ?? []).filter(({ source }) => source !== 'not examined');
  const expected = layers.map.clients.filter(
    ({ client }) => client === 'go' || (client === 'openssl' && !ELSEWHERE.includes(name)),
  );
  expect({ name, seen: sights(known) }).toEqual({ name, seen: sights(expected) });
  expect(await engine.run('ps', '--all', '--quiet')).toBe('');
}

function sights(clients: readonly Client[]) {
  return clients.map(({ client, sees, reads }) => ({ client, sees, reads }));
}

testWith(NAMESPACES, 'dockerd', 'docker')(
  'of an image in Docker, as much is found out as of its layers',
  { timeout: 600_000 },
  async () => {
    const docker = await startDocker();
    for (const each of SOME) await compare(docker, each);
  },
);

testWith(ROOT, 'podman')(
  'of an image in Podman, as much is found out as of its layers',
  { timeout: 600_000 },
  async () => {
    const podman = await ownPodman();
    for (const each of SOME.slice(0, 1)) await compare(podman, each);
  },
);

testWith(ROOT, 'podman', 'docker')(
  "of an image in Podman's service, as much is found out as of its layers",
  { timeout: 600_000 },
  async () => {
    for (const each of SOME.slice(0, 1)) await compare(await podmanService(), each);
  },
);
