import path from 'node:path';
import { UserError } from '../../../src/core/errors.ts';
import { sha256 } from '../../../src/core/sha256.ts';
import { parseEnvironmentFile } from '../../../src/render/index.ts';
import { LAUNCHER } from './pool.ts';
import { standardPrograms } from './programs.ts';
import { ago, DOCKER_GROUP, directory, GIGABYTE, NOW, PID, RECORD, type RecordedHost, USER } from './type.ts';

/** Makes a host with nothing on it. */
export function emptyHost(): RecordedHost {
  const files: RecordedHost['files'] = new Map();
  const links: RecordedHost['links'] = new Map();
  const units: RecordedHost['units'] = new Map();
  const free: RecordedHost['free'] = new Map();
  const servers: RecordedHost['servers'] = new Map();
  const programs = standardPrograms({ files, units });
  const says: RecordedHost['says'] = {
    isRoot: true,
    memory: 4 * GIGABYTE,
    processors: 2,
    ahead: 0,
    key: { isRevoked: false },
    newest: { sha256: sha256(LAUNCHER), signedAt: ago(20) },
    namesakes: [],
    poolToken: undefined,
    clients: { clients: [], mountPaths: [], neededBy: new Map() },
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
    get isRoot() {
      return says.isRoot;
    },
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
      if (found && !host.isRoot && (found.mode & 0o004) === 0)
        throw new UserError('SPACECTL_CANNOT_READ', `Cannot read ${file}: permission denied`);
      return found?.bytes;
    },
    entry: async (file) => files.get(file),
    link: async (file) => links.get(file),
    list: async (folder) =>
      [...files.keys()].filter((name) => path.dirname(name) === folder).map((name) => path.basename(name)),
    async space(folder) {
      const other = free.get(folder);
      // What is as full is one file system.
      const device = other ? 2 + other.free : 1;
      return { device, total: 100 * GIGABYTE, free: 50 * GIGABYTE, freeInodes: 0.9, ...other };
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
    clientsOf: async () => says.clients,
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
