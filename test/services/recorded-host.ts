import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import { UserError } from '../../src/core/errors.ts';
import { sha256 } from '../../src/core/sha256.ts';
import type { Answer, Entry, HostReader, Ran } from '../../src/host/doctor/reader.ts';
import { parseEnvironmentFile, systemd } from '../../src/render/index.ts';
import { known } from '../../src/step/content.ts';
import type { Change } from '../../src/step/plan.ts';
import { type CertificateRequest, type MadeCertificate, makeCertificate } from './certificate.ts';
import { type Flags, renderStep, withBundle } from './render.ts';

/** A file, directory or socket of a recorded host. */
interface RecordedFile extends Entry {
  readonly bytes: Buffer;
}

/** Properties of a unit, as `systemctl show` prints them. */
export type UnitProperties = Record<string, string>;

/** A program of a recorded host: what it prints and how it ends. */
type Program = (args: readonly string[]) => Partial<Omit<Ran, 'stdout'>> & { readonly stdout?: string };

/** A host that exists only in memory. Tests change it to break it; the doctor reads it as it reads a machine. */
export interface RecordedHost extends HostReader {
  readonly files: Map<string, RecordedFile>;
  readonly links: Map<string, string>;
  readonly units: Map<string, UnitProperties>;
  readonly programs: Map<string, Program>;
  /** Bytes free by directory; others have plenty. */
  readonly free: Map<string, { free: number; freeInodes?: number }>;
  /** Servers that do not answer as they should. */
  readonly servers: Map<string, () => Answer>;
  /** What the machine itself says, to be replaced. */
  readonly says: {
    memory: number;
    processors: number;
    ahead: number;
    key: { expiresAt?: Date; isRevoked: boolean };
    newest: { sha256: string; signedAt: Date };
    namesakes: Awaited<ReturnType<HostReader['namesakes']>>;
    poolToken: Awaited<ReturnType<HostReader['poolToken']>>;
  };
  put(file: string, content: string | Buffer, attributes?: Partial<Entry>): void;
  /** Changes owner, group or mode. */
  change(file: string, attributes: Partial<Entry>): void;
  edit(file: string, edit: (text: string) => string): void;
  /** Changes a file as an installation does: it is recorded. */
  install(file: string, edit: (text: string) => string): void;
  /** Changes the launcher's settings and starts it with them. */
  set(name: string, value: string): void;
  /** Starts the launcher again: it has the installed settings. */
  restart(): void;
  show(unit: string, properties: UnitProperties): void;
  dropIn(text: string): void;
}

export const NOW = new Date();
/** So many days ago. */
export const ago = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
export const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
const GIGABYTE = 1024 ** 3;
export const PID = 4242;
const DOCKER_GROUP = 999;
export const USER = 1983;

/** ELF header of a program for this machine, and a word that makes its bytes its own. */
export function launcherBytes(word: string): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeUInt16LE(process.arch === 'arm64' ? 183 : 62, 18);
  return Buffer.concat([bytes, Buffer.from(word)]);
}

const LAUNCHER = launcherBytes('the newest');

/** The pool's key pair, made once: it takes a while. */
let pair: Pick<MadeCertificate, 'keys'> | undefined;

/** The pool's key, as the launcher gets it. */
export function poolKey(): string {
  pair ??= { keys: generateKeyPairSync('rsa', { modulusLength: 2048 }) };
  return String(pair.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

/** A token for the pool's key, with a certificate of these dates. */
export function poolToken({
  endpoint = 'a1-ats.iot.eu-west-1.amazonaws.com',
  ...request
}: Partial<CertificateRequest> & { endpoint?: string } = {}): string {
  poolKey();
  const keys = pair?.keys;
  const { pem } = makeCertificate({
    subject: { CN: 'workers.spacelift.io' },
    isCa: false,
    ...(keys && { keys }),
    ...request,
  });
  return Buffer.from(JSON.stringify({ broker: { endpoint }, certificate: pem })).toString('base64');
}

/** Flags of this function, not of the command. */
const RECORD = '/var/lib/spacectl/host.json';
const BASE = makeCertificate({ subject: { CN: 'Public' } }).pem;
const SPECIAL = ['--no-bundle', '--self-hosted'];

/** What is rendered for some flags; it takes a while, and many hosts are the same. */
const rendered = new Map<string, Promise<Record<string, string>>>();

/** Makes a healthy host with what `render systemd` renders for these flags. */
export async function healthyHost(flags: Flags = []): Promise<RecordedHost> {
  const texts = rendered.get(flags.join()) ?? renderHost(flags);
  rendered.set(flags.join(), texts);
  const host = emptyHost();
  const engine = flags.includes('--engine') ? (flags[flags.indexOf('--engine') + 1] ?? '') : 'docker';
  installFiles(host, await texts, flags);
  prepareMachine(host, engine);
  host.restart();
  return host;
}

async function renderHost(flags: Flags): Promise<Record<string, string>> {
  const token = poolToken(flags.includes('--self-hosted') ? { endpoint: 'mqtt.example.com:1984' } : {});
  const dir = path.resolve('no-such-folder/build-eu');
  const files = { 'spacelift.key': poolKey(), 'spacelift.csr': 'a request', 'worker-pool.config': token };
  const planned = Object.entries(files).map(([name, text]): Change => {
    const place = { step: 'pool', path: path.join(dir, name), mode: 0o600 };
    return { kind: 'file', ...place, isSecret: true, content: known(text), status: 'create' };
  });
  const pool = flags.includes('--no-bundle') ? { dir, planned } : await withBundle({ dir, planned });
  return renderStep(
    systemd,
    pool,
    flags.filter((each) => !SPECIAL.includes(each)),
  );
}

/** Installs what was rendered, as the rendered installer does. */
function installFiles(host: RecordedHost, texts: Record<string, string>, flags: Flags): void {
  const installer = texts['systemd/install.sh'] ?? '';
  const [, list = ''] = /^files='([^']*)'$/ms.exec(installer) ?? [];
  const recorded = [];
  for (const line of list.split('\n')) {
    const [mode = '', group, name = '', destination = ''] = line.split(' ');
    const text = texts[`systemd/${name}`] ?? '';
    host.put(destination, text, { mode: Number.parseInt(mode, 8), group: group === 'spacelift' ? USER : 0 });
    recorded.push({
      path: destination,
      mode: Number.parseInt(mode, 8),
      isSecret: false,
      sha256: sha256(Buffer.from(text)),
    });
  }
  const secrets = texts['systemd/secrets.env'];
  const isEncrypted = flags.includes('encrypted');
  if (isEncrypted) host.put('/etc/spacelift/secrets.env.cred', 'sealed', { mode: 0o600 });
  else if (secrets !== undefined) host.put('/etc/spacelift/secrets.env', secrets, { mode: 0o600 });
  else host.put('/run/spacelift/secrets.env', texts['secrets.env'] ?? '', { mode: 0o600 });
  host.programs.set('sealed', () => ({ stdout: secrets ?? texts['secrets.env'] ?? '' }));
  recorded.push(
    ...(secrets && !isEncrypted ? [{ path: '/etc/spacelift/secrets.env', mode: 0o600, isSecret: true }] : []),
  );
  const units = ['spacelift-launcher.service', ...(flags.includes('--recycle') ? ['spacelift-recycle.timer'] : [])];
  const record = { version: 1, files: recorded, units, madeUser: true, madeFolders: [] };
  host.put(RECORD, JSON.stringify(record), { mode: 0o600 });
  if (flags.includes('files')) {
    for (const name of ['info', 'error'])
      host.put(`/var/log/spacelift/${name}.log`, '', { mode: 0o640, owner: USER, group: USER });
  }
  // The host's own script builds the bundle.
  const mounts =
    parseEnvironmentFile(texts['systemd/launcher.env'] ?? '').variables['SPACELIFT_WORKER_EXTRA_MOUNTS'] ?? '';
  for (const mount of mounts.split(',')) {
    const [file = ''] = mount.split(':');
    const custom = texts['systemd/custom-ca.crt'];
    if (custom && /\.crt$/.test(file) && !host.files.has(file)) host.put(file, `${BASE}${custom}`);
    if (file && !host.files.has(file)) host.put(file, '', { kind: 'directory', mode: 0o755, owner: USER, group: USER });
  }
}

const directory = (mode = 0o755, owner = 0) => ({ kind: 'directory', mode, owner, group: owner }) as const;

/** The rest of a Debian host with an engine, on which the launcher runs. */
function prepareMachine(host: RecordedHost, engine: string): void {
  for (const name of [
    '/usr/local',
    '/usr/local/bin',
    '/usr/local/sbin',
    '/etc/systemd/system',
    '/etc/spacelift',
    '/var/lib/spacectl',
    '/var/lib/spacelift-launcher',
    '/run/spacelift',
  ])
    host.put(name, '', directory());
  for (const name of ['/opt/spacelift', '/var/log/spacelift']) host.put(name, '', directory(0o755, USER));
  host.put('/tmp', '', directory(0o1777));
  for (const name of [
    'gpg',
    'sha256sum',
    'awk',
    'od',
    'timeout',
    'mktemp',
    'cmp',
    'ss',
    'curl',
    'jq',
    'logrotate',
    'systemd-creds',
    'apt-get',
    engine === 'podman' ? 'podman' : 'docker',
  ])
    host.put(`/usr/bin/${name}`, '', { mode: 0o755 });
  host.put('/usr/local/bin/spacelift-launcher', LAUNCHER, { mode: 0o755, modified: ago(12) });
  host.put('/var/lib/spacelift-launcher/launcher-update', `${seconds(ago(4))} current\n`);
  host.put(
    '/etc/passwd',
    `root:x:0:0:root:/root:/bin/sh\nspacelift:x:${USER}:${USER}::/opt/spacelift:/usr/sbin/nologin\n`,
  );
  // The unit adds the group: the user need not be a member.
  host.put('/etc/group', `root:x:0:\nstaff:x:50:\ndocker:x:${DOCKER_GROUP}:\nspacelift:x:${USER}:\n`);
  host.put('/etc/hosts', '127.0.0.1 localhost\n');
  host.put('/etc/resolv.conf', 'nameserver 10.0.0.2\n');
  host.put('/proc/uptime', '86400.00 170000.00\n');
  host.put(
    '/proc/self/mounts',
    '/dev/sda1 / ext4 rw,relatime 0 0\ntmpfs /run tmpfs rw,nosuid,nodev,noexec 0 0\ntmpfs /tmp tmpfs rw,nosuid,nodev,noexec 0 0\n',
  );
  host.put('/proc/sys/net/ipv4/ip_forward', '1\n');
  const socket =
    { docker: '/var/run/docker.sock', podman: '/run/spacelift-podman.sock', rootless: `/run/user/${USER}/docker.sock` }[
      engine
    ] ?? '';
  const group = engine === 'docker' ? DOCKER_GROUP : USER;
  host.put(socket, '', { kind: 'socket', mode: 0o660, group, owner: engine === 'rootless' ? USER : 0 });
  if (engine === 'rootless') host.put('/var/lib/systemd/linger/spacelift', '');
  host.show('spacelift-launcher.service', {
    LoadState: 'loaded',
    ActiveState: 'active',
    SubState: 'running',
    UnitFileState: 'enabled',
    Result: 'success',
    ExecMainStatus: '0',
    NRestarts: '0',
    ConditionResult: 'yes',
    NeedDaemonReload: 'no',
    MainPID: String(PID),
    ExecMainStartTimestampMonotonic: '60000000',
    User: 'spacelift',
    SupplementaryGroups: engine === 'docker' ? 'docker' : '',
    FragmentPath: '/etc/systemd/system/spacelift-launcher.service',
    DropInPaths: '',
  });
  if (engine === 'docker') {
    const active = {
      LoadState: 'loaded',
      ActiveState: 'active',
      SubState: 'running',
      UnitFileState: 'enabled',
      Result: 'success',
      NeedDaemonReload: 'no',
      MainPID: '0',
    };
    host.show('docker.service', { ...active, MainPID: '800' });
    host.show('docker.socket', active);
    const settings = host.files.get('/etc/spacelift/launcher.env')?.bytes.toString() ?? '';
    const proxies = Object.entries(parseEnvironmentFile(settings).variables).filter(([name]) => /_PROXY$/.test(name));
    host.put('/proc/800/environ', [['PATH', '/usr/bin'], ...proxies].map((pair) => `${pair.join('=')}\0`).join(''));
  }
  if (engine === 'podman')
    host.show('spacelift-podman.socket', { LoadState: 'loaded', ActiveState: 'active', UnitFileState: 'enabled' });
  if (host.files.has('/etc/systemd/system/spacelift-recycle.timer'))
    host.show('spacelift-recycle.timer', { LoadState: 'loaded', ActiveState: 'active', UnitFileState: 'enabled' });
}

function emptyHost(): RecordedHost {
  const files: RecordedHost['files'] = new Map();
  const links: RecordedHost['links'] = new Map();
  const units: RecordedHost['units'] = new Map();
  const free: RecordedHost['free'] = new Map();
  const servers: RecordedHost['servers'] = new Map();
  const programs = standardPrograms({ files, units });
  const says: RecordedHost['says'] = {
    memory: 4 * GIGABYTE,
    processors: 2,
    ahead: 0,
    key: { isRevoked: false },
    newest: { sha256: sha256(LAUNCHER), signedAt: ago(20) },
    namesakes: [],
    poolToken: undefined,
  };
  const host: RecordedHost = {
    files,
    links,
    units,
    free,
    servers,
    programs,
    says,
    now: NOW,
    clock: () => NOW.getTime() + says.ahead * 1000,
    isRoot: true,
    environment: {},
    get memory() {
      return says.memory;
    },
    get processors() {
      return says.processors;
    },
    async read(file) {
      const found = files.get(file);
      if (found?.kind === 'directory')
        throw new UserError('SPACECTL_CANNOT_READ', `Cannot read ${file}: it is a directory`);
      return found?.bytes;
    },
    entry: async (file) => files.get(file),
    link: async (file) => links.get(file),
    list: async (folder) =>
      [...files.keys()].filter((name) => path.dirname(name) === folder).map((name) => path.basename(name)),
    async space(folder) {
      return { total: 100 * GIGABYTE, free: 50 * GIGABYTE, freeInodes: 0.9, ...free.get(folder) };
    },
    async run(program, args) {
      const found = programs.get(program)?.(args);
      return (
        found && { exitCode: found.exitCode ?? 0, stdout: Buffer.from(found.stdout ?? ''), stderr: found.stderr ?? '' }
      );
    },
    async ask(url) {
      const server = servers.get(new URL(url).host);
      if (server) return server();
      return { status: 200, date: NOW, certificate: { issuer: 'Amazon', notAfter: ago(-90) } };
    },
    signingKey: async () => ({ origin: 'https://keys.openpgp.org', ...says.key }),
    newestLauncher: async () => says.newest,
    poolToken: async () => says.poolToken,
    namesakes: async () => says.namesakes,
    put(file, content, attributes = {}) {
      const bytes = Buffer.from(content);
      const usual = { kind: 'file', mode: 0o644, owner: 0, group: 0, size: bytes.length, modified: ago(30) } as const;
      files.set(file, { ...usual, ...attributes, bytes });
    },
    change(file, attributes) {
      const found = files.get(file);
      if (!found) throw new Error(`the recorded host has no ${file}`);
      files.set(file, { ...found, ...attributes });
    },
    edit(file, edit) {
      const found = files.get(file);
      if (!found) throw new Error(`the recorded host has no ${file}`);
      files.set(file, { ...found, bytes: Buffer.from(edit(found.bytes.toString('utf8'))) });
    },
    install(file, edit) {
      host.edit(file, edit);
      const record = JSON.parse(files.get(RECORD)?.bytes.toString() ?? '{}');
      for (const each of record.files) if (each.path === file) each.sha256 = sha256(files.get(file)?.bytes ?? '');
      host.edit(RECORD, () => JSON.stringify(record));
    },
    set(name, value) {
      const line = new RegExp(`^${name}=.*\n`, 'm');
      host.install('/etc/spacelift/launcher.env', (text) => `${text.replace(line, '')}${name}=${value}\n`);
      host.restart();
    },
    restart() {
      const text = (file: string) => files.get(file)?.bytes.toString('utf8') ?? '';
      const sealed = files.has('/etc/spacelift/secrets.env.cred') ? (programs.get('sealed')?.([]).stdout ?? '') : '';
      const all = [
        '/etc/spacelift/launcher.env',
        '/run/spacelift/metadata.env',
        '/etc/spacelift/secrets.env',
        '/run/spacelift/secrets.env',
      ].map(text);
      const variables = Object.assign({}, ...[...all, sealed].map((each) => parseEnvironmentFile(each).variables));
      const environ = Object.entries({ PATH: '/usr/bin', ...variables }).map(([name, value]) => `${name}=${value}\0`);
      host.put(`/proc/${PID}/environ`, environ.join(''));
      host.put(
        `/proc/${PID}/status`,
        `Name:\tspacelift-launc\nUid:\t${USER}\t${USER}\t${USER}\t${USER}\nGid:\t${USER}\t${USER}\t${USER}\t${USER}\nGroups:\t${DOCKER_GROUP} ${USER} \n`,
      );
      host.put(
        `/proc/${PID}/limits`,
        'Limit                     Soft Limit           Hard Limit           Units     \nMax processes             15000                15000                processes \nMax open files            1024                 524288               files     \n',
      );
      host.put(`/proc/${PID}`, '', directory());
      links.set(`/proc/${PID}/exe`, '/usr/local/bin/spacelift-launcher');
    },
    show(unit, properties) {
      units.set(unit, { ...units.get(unit), ...properties });
    },
    dropIn(text) {
      const file = '/etc/systemd/system/spacelift-launcher.service.d/local.conf';
      host.put(file, text);
      host.show('spacelift-launcher.service', { DropInPaths: file });
    },
  };
  return host;
}

const INFO = '26.1.5|2|systemd|overlay2|linux/x86_64|io.containerd.runc.v2 runc ';
const PODMAN_INFO = '5.4.2|v2|systemd|overlay|linux/amd64|crun';

/** Programs as Debian's print. */
function standardPrograms({ files, units }: Pick<RecordedHost, 'files' | 'units'>): Map<string, Program> {
  const has = (name: string) => files.has(`/usr/bin/${name}`);
  const engine: Program = ([verb, ...rest]) => {
    if (verb === '--version') return {};
    if (verb === 'info') return { stdout: has('docker') ? INFO : PODMAN_INFO };
    if (verb === 'network') return { stdout: 'bridge\nhost\nnone\n' };
    if (verb === 'image') return { exitCode: 1, stderr: `Error: No such image: ${rest.at(-1)}` };
    return { exitCode: 125, stderr: 'not recorded' };
  };
  return new Map<string, Program>([
    [
      'systemctl',
      ([verb, ...rest]) => {
        if (verb === '--version') return { stdout: 'systemd 257 (257.9-1~deb13u1)\n' };
        const blocks = rest.slice(2).map((name) =>
          Object.entries({ Id: name, LoadState: 'not-found', ActiveState: 'inactive', ...units.get(name) })
            .map((pair) => pair.join('='))
            .join('\n'),
        );
        return { stdout: `${blocks.join('\n\n')}\n` };
      },
    ],
    [
      'getent',
      () => {
        const line = files
          .get('/etc/passwd')
          ?.bytes.toString()
          .split('\n')
          .find((each) => each.startsWith('spacelift:'));
        return line ? { stdout: `${line}\n` } : { exitCode: 2 };
      },
    ],
    ['runuser', () => ({ exitCode: 1 })],
    ['timedatectl', () => ({ stdout: 'CanNTP=yes\nNTP=yes\n' })],
    ['journalctl', () => ({ stdout: 'launcher: connection lost\n' })],
    ['systemd-creds', () => ({})],
    [
      '/usr/local/sbin/spacelift-worker-check',
      () => ({ stdout: '{"worker":true,"comms":"app.spacelift.io:443","faults":[]}\n' }),
    ],
    ['docker', (args) => (has('docker') ? engine(args) : { exitCode: 127 })],
    ['podman', (args) => engine(args[0] === '--url' ? args.slice(2) : args)],
  ]);
}
