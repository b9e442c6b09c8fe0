import type { X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { spaceliftImage } from './aws/account.ts';
import { startAws } from './aws/server.ts';
import { startDownloadHost } from './download-host.ts';
import { buildImage, file, writeLayout } from './image.ts';
import { launcherBytes } from './launcher-download.ts';
import { spacectl } from './program.ts';
import { startSpacelift } from './spacelift.ts';
import { temporaryFolder } from './temporary.ts';

/** The document that a run printed, by the words of its command. */
export interface JsonRun {
  readonly command: string;
  readonly document: unknown;
}

/** The exit codes after which a document is a result, not an error: done, or a check found something. */
const RESULTS: readonly (number | undefined)[] = [0, 10];

/**
 * Runs every command that can run without a booted host, with `--json`, in one folder and against the stand-ins.
 * @throws Error if a run fails or prints anything but one document
 */
export async function runAllWithJson(ca: X509Certificate | string): Promise<readonly JsonRun[]> {
  const cwd = await temporaryFolder();
  const [spacelift, launchers] = [await startSpacelift(), await startDownloadHost()];
  await launchers.publish(launcherBytes);
  const image = spaceliftImage('ami-0000000000000001', 5);
  const aws = await startAws({ images: [image], groups: [{ name: 'workers', runs: [image.id] }] });
  await writeFile(path.join(cwd, 'ca.pem'), String(ca));
  await mkdir(path.join(cwd, 'layout'));
  const bundle = file('etc/ssl/certs/ca-certificates.crt', String(ca));
  await writeLayout(path.join(cwd, 'layout'), {
    v1: buildImage({ platform: { os: 'linux', architecture: 'amd64' }, layers: [[bundle]] }),
  });
  const env = {
    ...spacelift.environment,
    ...{ CI: 'true', HOME: cwd, XDG_STATE_HOME: path.join(cwd, 'state'), XDG_CACHE_HOME: path.join(cwd, 'cache') },
    ...{ AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1' },
    ...{ SPACECTL_LAUNCHER_MIRROR: launchers.url, SPACECTL_KEY_SERVER: launchers.url },
    ...{ SPACECTL_FINGERPRINT: launchers.fingerprint, SPACECTL_ENDPOINT_URL: aws.url },
  };
  const runs: JsonRun[] = [];
  const print = async (command: string, ...args: readonly string[]): Promise<unknown> => {
    const { exitCode, stdout, stderr } = await spacectl([...command.split(' '), ...args, '--json'], { cwd, env });
    if (!RESULTS.includes(exitCode))
      throw new Error(`${command} ${args.join(' ')}: exit ${exitCode}\n${stdout}${stderr}`);
    return JSON.parse(String(stdout));
  };
  const run = async (command: string, ...args: readonly string[]): Promise<void> => {
    runs.push({ command, document: await print(command, ...args) });
  };
  const dir = ['--dir', 'pool'];
  await run('keypair generate', ...dir, '--bits', '2048');
  await run('keypair verify', ...dir);
  await run('keypair encode', 'pool/spacelift.key');
  await run('workerpool create', ...dir, '--name', 'build');
  await run('token inspect', 'pool/worker-pool.config');
  await run('ca-bundle build', ...dir, '--ca', 'ca.pem', '--image', './layout');
  await run('ca-bundle check', ...dir);
  const lock = await readFile(path.join(cwd, 'pool/custom-ca-bundle.lock.json'), 'utf8');
  runs.push({ command: 'The lock file of a bundle', document: JSON.parse(lock) });
  await run('ca-bundle inspect', 'pool/custom-ca-bundle.crt');
  const clients = await print('ca-bundle inspect', './layout');
  runs.push({ command: 'spacectl ca-bundle inspect, of an image', document: clients });
  await run('ca-bundle diff', 'ca.pem', 'pool/custom-ca-bundle.crt');
  await run('launcher url', ...dir);
  await run('launcher download', ...dir, '--output', 'launcher');
  await run('launcher verify', 'launcher', ...dir);
  await run('render systemd', ...dir);
  await run('render cloud-init', ...dir, '--cloud', 'ec2');
  await run('render docker', ...dir);
  await run('render ansible', ...dir, '--host', 'worker-1');
  const network = ['--region', 'eu-west-1', '--subnet', 'subnet-0a1b2c3d', '--security-group', 'sg-0a1b2c3d'];
  await run('render ecs', ...dir, ...network);
  await run('render terraform', ...dir, '--cloud', 'aws', ...network);
  await run('status', 'pool');
  await run('doctor', ...dir, '--pre', '--skip', 'egress');
  await run('host doctor', ...dir, '--pre', '--skip', 'egress');
  await run('host status', ...dir);
  await run('workerpool list');
  await run('workerpool show', ...dir);
  const [pool] = spacelift.pools.values();
  if (!pool) throw new Error('the stand-in has no pool');
  const workers = ['worker-1', 'worker-2'].map((host) =>
    spacelift.addWorker(pool, { metadata: JSON.stringify({ host }) }),
  );
  await run('workerpool watch', ...dir, '--looks', '1');
  await run('workerpool worker list', ...dir);
  await run('workerpool worker drain', ...dir, '--id', workers[0]?.id ?? '');
  await run('workerpool worker undrain', ...dir, '--id', workers[0]?.id ?? '');
  await run('workerpool token', ...dir);
  await run('workerpool update', ...dir, '--label', 'linux');
  await run('workerpool worker cycle', ...dir, '--confirm', 'build', '--dry-run', '--rolling');
  await run('workerpool cycle', ...dir, '--confirm', 'build');
  await run('workerpool reset', ...dir, '--confirm', 'build');
  await run('keypair rotate', ...dir, '--confirm', 'build', '--bits', '2048');
  await run('retire', 'pool');
  await run('workerpool delete', ...dir, '--confirm', 'build');
  await writeFile(path.join(cwd, 'secret'), spacelift.key.secret);
  await run(
    'profile login',
    'acme',
    ...['--api-endpoint', spacelift.url, '--api-key-id', spacelift.key.id, '--api-key-secret-file', 'secret'],
  );
  await run('profile list');
  await run('profile select', 'acme');
  await run('profile current');
  await run('profile export-token');
  await run('whoami');
  await run('profile logout', 'acme');
  await run('ami check', '--auto-scaling-group', 'workers');
  await run('ami latest');
  const targets = ['systemd', 'cloud-init', 'ansible', 'docker', 'terraform-aws'].flatMap((each) => ['--target', each]);
  await run('init', '--dir', 'new', '--offline', '--ca', 'ca.pem', '--bits', '2048', ...targets);
  await run('apply', '--dir', 'new');
  await run('schema');
  return runs;
}
