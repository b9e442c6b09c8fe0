import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { NAMESPACES } from '../programs.ts';
import { temporaryFolder } from '../temporary.ts';
import { type Cloud, commandsOf, type World } from './world.ts';

/** What a machine did with its user data. */
export interface BootResult {
  readonly launcherStarted: boolean;
  /** What the launcher was started with; empty where it was not started. */
  readonly environment: Readonly<Record<string, string>>;
  /** Who it ran as. */
  readonly user: string | undefined;
  /** The CA bundle on the machine when the launcher was started. */
  readonly bundle: string | undefined;
  readonly poweredOff: 'poweroff' | 'reboot' | undefined;
  /** How the user data itself ended; 137 where something ended the whole machine. */
  readonly exitCode: number;
  /** What the user data wrote to its outputs, and to the launcher's logs: cloud-init keeps the first in a file. */
  readonly log: string;
  /** What systemd wrote. */
  readonly journal: string;
  /** The cloud's and the system's commands that were called. */
  readonly calls: readonly string[];
  /** What is left in the machine's folder for temporary files. */
  readonly leftovers: readonly string[];
  /** The cluster that an ECS agent on the machine would register with; undefined where it does not start. */
  readonly ecsCluster: string | undefined;
  /** The seconds it would have waited. */
  readonly pauses: readonly string[];
}

/** What `bootUserData` needs, for `testWith`. */
export const BOOT_NEEDS = [NAMESPACES, 'unshare', 'mount', 'chroot', 'bash', 'jq', 'gpg', 'useradd'] as const;

/** Where everything that a boot has to do with the machine around it is; see namespace.sh. */
const SERVICES = path.resolve('test/services/boot');

/**
 * Starts a machine with user data, in namespaces of its own and without a network: the machine's own programs, and
 * stand-ins for those of the cloud and of systemd. It returns once the user data has ended, the machine was powered off
 * or the launcher runs. Needs root.
 */
export async function bootUserData(userData: string, world: World): Promise<BootResult> {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  await mkdir(at('mnt'));
  await writeFile(at('user-data'), userData);
  await putCommands(at('commands'), world.cloud);
  await putWorld(at('boot'), world);
  const inside = ['--mount', '--pid', '--net', '--fork', '--kill-child', path.join(SERVICES, 'namespace.sh')];
  // A boot that hangs is ended, and reported: nothing here waits.
  const run = await execa('unshare', [...inside, folder, process.execPath, SERVICES], {
    reject: false,
    timeout: 50_000,
  });
  if (run.exitCode !== 0) throw new Error(`the machine was not started: ${run.stderr || run.message}`);
  const text = (name: string) => readFile(at(`boot/${name}`), 'utf8').catch(() => undefined);
  const lines = async (name: string) => (await text(name))?.split('\n').filter(Boolean) ?? [];
  const environment = await text('launcher/environment');
  const end = (await text('powered-off'))?.trim();
  return {
    launcherStarted: environment !== undefined,
    environment: parseEnvironment(environment ?? ''),
    user: (await text('launcher/user'))?.trim(),
    bundle: await text('launcher/bundle'),
    poweredOff: end === 'poweroff' || end === 'reboot' ? end : undefined,
    exitCode: Number(await text('exit-code')),
    log: `${await text('output')}${await text('logs')}`,
    journal: (await text('journal')) ?? '',
    calls: await lines('calls'),
    leftovers: await lines('leftovers'),
    ecsCluster: (await text('ecs-cluster'))?.trim(),
    pauses: await lines('pauses'),
  };
}

async function putCommands(folder: string, cloud: Cloud): Promise<void> {
  await mkdir(folder);
  for (const [name, file] of Object.entries(commandsOf(cloud))) {
    await copyFile(path.join(SERVICES, 'commands', file), path.join(folder, name));
  }
}

/** Puts what the stand-ins know where they look, by name: a slash in a name is written as in a URL. */
async function putWorld(
  folder: string,
  { secrets, objects, pages, fails, refusals = 0, imageBundle }: World,
): Promise<void> {
  const fileOf = (name: string) => name.replaceAll('/', '%2F');
  await mkdir(folder);
  for (const name of ['secrets', 'objects', 'web', 'fails', 'state', 'launcher']) await mkdir(path.join(folder, name));
  const put = (kind: string, name: string, bytes: string | Buffer) =>
    writeFile(path.join(folder, kind, fileOf(name)), bytes);
  for (const [name, text] of Object.entries(secrets)) await put('secrets', name, text);
  for (const [name, bytes] of Object.entries(objects)) await put('objects', name, bytes);
  for (const [name, { body, header }] of Object.entries(pages)) {
    await put('web', name, body);
    if (header) await put('web', `${name}.header`, header);
  }
  for (const name of fails) await put('fails', name, '');
  await writeFile(path.join(folder, 'state/refusals'), `${refusals}`);
  await chmod(path.join(folder, 'state/refusals'), 0o666);
  await writeFile(path.join(folder, 'image-bundle'), imageBundle);
  for (const name of ['calls', 'pauses', 'journal']) await writeFile(path.join(folder, name), '');
  // The launcher may run as a user of its own, who writes into all of it.
  for (const name of await readdir(folder)) await chmod(path.join(folder, name), 0o777);
  await chmod(folder, 0o777);
}

/** A process's environment as the kernel has it: NUL after each variable. */
function parseEnvironment(text: string): Record<string, string> {
  const pairs = text.split('\0').filter(Boolean);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}
