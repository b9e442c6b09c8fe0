import path from 'node:path';
import { sha256 } from '../../../src/core/sha256.ts';
import { parseEnvironmentFile, systemd } from '../../../src/render/index.ts';
import { known } from '../../../src/step/content.ts';
import type { Change } from '../../../src/step/plan.ts';
import { makeCertificate } from '../certificate.ts';
import { type Flags, renderStep, withBundle } from '../render.ts';
import { emptyHost } from './empty.ts';
import { prepareMachine } from './machine.ts';
import { poolKey, poolToken } from './pool.ts';
import { RECORD, type RecordedHost, USER } from './type.ts';

/** Flags of this function, not of the command. */
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
