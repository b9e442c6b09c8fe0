import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { renderRole } from '../services/ansible-role.ts';
import { environmentOf, PROGRAM } from '../services/program.ts';
import { ROOT, testWith } from '../services/programs.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** In the place of install.sh, whose plan is tried on booted hosts: what it says is all that matters here. */
const INSTALLER = `#!/bin/sh
cd "$(dirname "$0")"
name=$(basename "$PWD")
if [ "\${1:-}" = plan ]; then
  [ "$name" = quiet ] || echo "install: would restart the worker of this host, tagged host=$name"
  exit 0
fi
echo "$name" >>../installed
[ "$name" != broken ] || { echo "install: disk full" >&2; exit 1; }
echo "install: started the service"
`;

/**
 * Stands in for Spacelift's CLI of the same name, which does not know --json: it prints its usage
 * (spacelift-io/spacectl, internal/cmd/workerpools/cmd.go@08c6652; urfave/cli v2).
 */
const SPACELIFT_CLI = `#!/bin/sh
cat <<END
Incorrect Usage: flag provided but not defined: -json

NAME:
   spacectl workerpool worker list - Lists all workers of a workerpool.

USAGE:
   spacectl workerpool worker list [command options]
END
echo "2026/12/01 01:00:00 flag provided but not defined: -json" >&2
exit 1
`;

/** A role whose hosts are directories of this machine, an account with a pool, and a control node to run the playbook on. */
async function createFleet(hosts: Readonly<Record<string, object>>, serial: string) {
  const { folder, password } = await renderRole(undefined, '--serial', serial);
  const role = path.join(folder, 'roles/spacelift_worker');
  await writeFile(path.join(role, 'files/install.sh'), INSTALLER);
  const server = await startSpacelift();
  const pool = server.addPool({ name: 'build-eu' });
  const home = await temporaryFolder();
  const variables = parse(await readFile(path.join(role, 'vars/main.yml'), 'utf8'));
  Object.assign(variables, {
    spacelift_worker_folder: `${home}/{{ inventory_hostname }}`,
    spacelift_worker_has_secrets: false,
    spacelift_worker_files: [{ name: 'install.sh', mode: '0755', secret: false }],
  });
  await writeFile(path.join(role, 'vars/main.yml'), stringify(variables));
  const vars = { ansible_connection: 'local', ansible_become: false, spacelift_worker_pool_id: pool.id };
  await writeFile(path.join(folder, 'inventory.yml'), JSON.stringify({ spacelift_workers: { hosts, vars } }));
  const bin = await temporaryFolder();
  await writeFile(path.join(bin, 'spacectl'), `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} "$@"\n`, { mode: 0o755 });
  const play = (given: Readonly<Record<string, string>>, ...args: readonly string[]) => {
    const own = { ANSIBLE_NOCOLOR: '1', ANSIBLE_LOCAL_TEMP: home, ANSIBLE_VAULT_PASSWORD_FILE: password };
    const env = environmentOf({
      ...own,
      HOME: home,
      LC_ALL: 'C.UTF-8',
      PATH: `${bin}:${process.env['PATH']}`,
      ...given,
    });
    return execa('ansible-playbook', ['site.yml', ...args], { cwd: folder, reject: false, extendEnv: false, env });
  };
  const worker = (host: string, settings = {}) =>
    server.addWorker(pool, { metadata: JSON.stringify({ host }), ...settings });
  const installed = async () =>
    (await readFile(path.join(home, 'installed'), 'utf8').catch(() => '')).trim().split('\n').sort();
  return { server, pool, play, worker, installed };
}

const needs = testWith(ROOT, 'ansible-playbook', 'openssl');

needs(
  'workers are drained before their launchers restart; a host where that fails is left as it is and ends the roll-out',
  async () => {
    const names = ['idle', 'busy', 'quiet', 'absent', 'twins', 'broken', 'later'];
    const hosts = Object.fromEntries(names.map((name) => [name, {}]));
    const { server, pool, play, worker, installed } = await createFleet(hosts, '6');
    const [idle, busy, quiet] = [worker('idle'), worker('busy', { busy: true }), worker('quiet')];
    const [first, second, broken] = [worker('twins'), worker('twins'), worker('broken')];
    server.addWorker(pool, { metadata: '{}' });

    const running = play(server.environment);
    await expect.poll(() => busy.drained, { timeout: 60_000 }).toBe(true);
    // The wait asks for the pool again and again, and nothing is installed meanwhile.
    const looks = () => server.operations.filter((operation) => operation === 'workerPool').length;
    const before = looks();
    await expect.poll(() => looks() - before, { timeout: 30_000 }).toBeGreaterThan(4);
    expect(await installed()).toEqual(['']);
    busy.busy = false;
    const run = await running;
    expect(run.exitCode, run.stdout).toBe(2);
    // The others of the batch are finished, the next batch is not begun.
    expect(await installed()).toEqual(['absent', 'broken', 'busy', 'idle', 'quiet']);
    expect({ idle: idle.drained, busy: busy.drained, quiet: quiet.drained }).toEqual({
      idle: true,
      busy: true,
      quiet: false,
    });
    expect([first.drained, second.drained, broken.drained]).toEqual([false, false, false]);
    const drained = server.bodies
      .map((body) => JSON.parse(body).variables)
      .flatMap(({ id, worker: other, drain }) => (drain === undefined ? [] : [[id ?? other, drain]]));
    expect(drained).toContainEqual([broken.id, true]);
    expect(run.stdout).toContain(`Several workers have the tag of this host: ${first.id}, ${second.id}`);
    expect(run.stdout).toContain('install: disk full');
    expect(run.stdout).toMatch(
      /absent.*=> \{\s+"msg": "The launcher restarts without draining its worker first: no worker/,
    );
    expect(run.stdout).toMatch(/A run in progress has 30 seconds to finish/);
    for (const secret of Object.values(server.environment).slice(2)) expect(run.stdout).not.toContain(secret);
  },
  180_000,
);

// Four more plays: `npm run hosts` runs them.
const wholeOnly = process.env['TEST_WHOLE'] ? needs : test.skip;

wholeOnly(
  'without a login, an ID of the pool or spacectl on the control node, the launcher restarts as it is, and the play says so',
  async () => {
    const hosts = { idle: {}, unknown: { spacelift_worker_pool_id: '' } };
    const { server, play, worker, installed } = await createFleet(hosts, '100%');
    const [idle, unknown] = [worker('idle'), worker('unknown')];
    const without = await play({});
    expect(without.exitCode, without.stdout).toBe(0);
    expect(without.stdout).toContain(
      'the control node has no credentials for Spacelift. A run in progress has 30 seconds',
    );
    expect(without.stdout).toContain('spacelift_worker_pool_id, the ID of the pool, is empty');
    const alone = await play({ ...server.environment, PATH: '/usr/bin:/bin' }, '--limit', 'idle');
    expect(alone.exitCode, alone.stdout).toBe(0);
    expect(alone.stdout).toContain('the control node has no spacectl');
    const bin = await temporaryFolder();
    await writeFile(path.join(bin, 'spacectl'), SPACELIFT_CLI, { mode: 0o755 });
    const other = await play({ ...server.environment, PATH: `${bin}:/usr/bin:/bin` }, '--limit', 'idle');
    expect(other.exitCode, other.stdout).toBe(0);
    expect(other.stdout).toContain("only Spacelift's CLI of the same name");
    expect(await installed()).toEqual(['idle', 'idle', 'idle', 'unknown']);
    expect([idle.drained, unknown.drained]).toEqual([false, false]);

    // A login that Spacelift rejects is a reason to stop.
    const rejected = await play({ ...server.environment, SPACELIFT_API_KEY_SECRET: 'wrong' }, '--limit', 'idle');
    expect(rejected.exitCode, rejected.stdout).toBe(2);
    expect(rejected.stdout).toContain('rejected the credentials');
    expect(await installed()).toHaveLength(4);
  },
  180_000,
);
