import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test as plainTest } from 'vitest';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { ROOT, testWith } from '../services/programs.ts';
import { snapshot } from '../services/snapshot.ts';
import { countMoments, type Moment, stopped } from '../services/stop-at.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

const test = testWith(ROOT, 'openssl', 'useradd', 'systemctl');

/** A pool's folder, and the tree of a small Linux system. */
async function setUp() {
  const folder = await temporaryFolder();
  const [pool, tree] = [path.join(folder, 'pool'), path.join(folder, 'tree')];
  await putKeyPair(pool);
  await writeFile(path.join(pool, 'worker-pool.config'), await makeToken({ key: path.join(pool, 'spacelift.key') }));
  await spacectl(['ca-bundle', 'build', '--offline', '--dir', pool, '--ca', 'docs/example-ca.pem']);
  await mkdir(path.join(tree, 'etc'), { recursive: true });
  await writeFile(path.join(tree, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFile(path.join(tree, 'etc/group'), 'root:x:0:\ndocker:x:999:\n');
  const install = (root: string, ...more: readonly string[]) => [
    'host',
    'install',
    '--dir',
    pool,
    '--root',
    root,
    ...more,
  ];
  return { folder, tree, install };
}

/** Everything in a tree, links and folders by their names; without the copies that useradd keeps of its files. */
async function contents(tree: string) {
  const names = (await readdir(tree, { recursive: true })).filter(
    (name) => !/^etc\/(?:passwd-|group-|\.pwd\.lock)$/.test(name),
  );
  const files = Object.entries(await snapshot(tree)).filter(([name]) => names.includes(name));
  return { names: names.sort(), files: Object.fromEntries(files) };
}

/** Every write, and every program that changes something. */
const momentsOf = (writes: number, programs: readonly string[]): readonly Moment[] => [
  ...Array.from({ length: writes }, (_, index) => ({ STOP_AT: String(index + 1) })),
  ...programs.map((program) => ({ STOP_BEFORE: program })),
];

/** Two at a time: processes mostly wait for themselves to start. */
async function inLanes(moments: readonly Moment[], work: (moment: Moment, lane: number) => Promise<void>) {
  const lane = async (first: number) => {
    for (let at = first; at < moments.length; at += 2) await work(moments[at] as Moment, first);
  };
  await Promise.all([lane(0), lane(1)]);
}

test('a changed installation that is killed at any moment and run again ends as if undisturbed', async () => {
  const { folder, tree, install } = await setUp();
  const other = ['--ca-strategy', 'host', '--secrets-from', 'aws-ssm:/pool', '--metadata', 'team=blue'];
  await countMoments(install(tree, '--recycle', '--docker-config', await emptyDockerConfig()));
  const start = path.join(folder, 'start');
  await cp(tree, start, { recursive: true });
  const writes = await countMoments(install(tree, ...other));
  const expected = await contents(tree);
  // What the first had and the second has not is gone, and what is built on the host is not.
  expect(expected.names).not.toContain('etc/systemd/system/spacelift-recycle.timer');
  expect(expected.names).not.toContain('etc/spacelift/secrets.env');
  expect(expected.names).not.toContain('var/lib/spacectl/unfinished');
  const programs = ['systemctl --root TREE disable'];
  let unfinished = 0;
  // A file is half written, then renamed, with moments between that leave the same on the disk: each kind is met.
  const moments = momentsOf(writes, programs).filter((_, index) => index % 3 === 0 || index >= writes);
  await inLanes(moments, async (moment, lane) => {
    const root = path.join(folder, `lane-${lane}`);
    const at = 'STOP_BEFORE' in moment ? { STOP_BEFORE: moment.STOP_BEFORE.replace('TREE', root) } : moment;
    await rm(root, { recursive: true, force: true });
    await cp(start, root, { recursive: true });
    expect({ at, ...(await stopped(install(root, ...other), at)) }).toMatchObject({ signal: 'SIGKILL' });
    if ((await contents(root)).names.includes('var/lib/spacectl/unfinished')) unfinished++;
    const again = await spacectl(install(root, ...other));
    expect({ at, exitCode: again.exitCode, stderr: again.stderr }).toMatchObject({ exitCode: 0 });
    expect({ at, ...(await contents(root)) }).toEqual({ at, ...expected });
  });
  expect(unfinished).toBeGreaterThan(moments.length / 2);
}, 300_000);

async function emptyDockerConfig(): Promise<string> {
  const file = path.join(await temporaryFolder(), 'config.json');
  await writeFile(file, '{"auths":{}}');
  return file;
}

test('a first installation that is killed at any moment can be uninstalled without a trace', async () => {
  const { folder, tree, install } = await setUp();
  const start = path.join(folder, 'start');
  await cp(tree, start, { recursive: true });
  const pristine = await contents(start);
  const writes = await countMoments(install(tree));
  const programs = ['groupadd', 'useradd', 'usermod', 'systemctl --root TREE enable'];
  // A write has four moments: one of each file is enough here.
  const moments = momentsOf(writes, programs).filter((_, index) => index % 3 === 1 || index >= writes);
  await inLanes(moments, async (moment, lane) => {
    const root = path.join(folder, `lane-${lane}`);
    const at = 'STOP_BEFORE' in moment ? { STOP_BEFORE: moment.STOP_BEFORE.replace('TREE', root) } : moment;
    await rm(root, { recursive: true, force: true });
    await cp(start, root, { recursive: true });
    expect({ at, ...(await stopped(install(root), at)) }).toMatchObject({ signal: 'SIGKILL' });
    const uninstalled = await spacectl(['host', 'uninstall', '--purge', '--root', root]);
    expect({ at, exitCode: uninstalled.exitCode, stderr: uninstalled.stderr }).toMatchObject({ exitCode: 0 });
    expect({ at, files: (await contents(root)).files }).toEqual({ at, files: pristine.files });
  });
}, 300_000);

test('secrets to be encrypted are left out of a tree, which has no key for that, and a warning says so', async () => {
  const { tree, install } = await setUp();
  const done = await spacectl([...install(tree, '--secrets', 'encrypted'), '--json']);
  expect(JSON.parse(String(done.stdout)).warnings).toContainEqual(expect.stringContaining(`are not in ${tree}`));
  expect((await contents(tree)).names.filter((name) => name.includes('secrets.env'))).toEqual([]);
  const status = await spacectl(['host', 'status', '--root', tree]);
  expect(status).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('no service runs under --root') });
});

plainTest.each(['status', 'uninstall'])(
  'host %s refuses a --root that is not the root of a Linux system',
  async (command) => {
    const run = await spacectl(['host', command, '--root', '/nowhere']);
    expect(run).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('/nowhere is not the root of a Linux system'),
    });
  },
);
