import type { HostReader } from '../reader.ts';
import { readText } from './read-text.ts';

/** A user of the host. */
export interface User {
  readonly id: number;
  readonly group: number;
  readonly name: string;
}

/** Users and groups in the host's files; those of a directory service are not seen. */
export interface Accounts {
  readonly users: readonly User[];
  readonly groups: readonly { readonly name: string; readonly id: number; readonly members: readonly string[] }[];
  /** The service's user; also from a directory service. */
  readonly spacelift: User | undefined;
  /** Whether its user manager starts at boot: what rootless Docker needs. */
  readonly lingers: boolean;
}

/** Reads the users and groups (passwd(5), group(5)). */
export async function gatherAccounts(reader: HostReader): Promise<Accounts> {
  const rows = async (file: string) =>
    ((await readText(reader, file)) ?? '')
      .split('\n')
      .map((line) => line.split(':'))
      .filter(([name]) => name);
  const users = (await rows('/etc/passwd')).map(([name = '', , id, group]) => ({
    name,
    id: Number(id),
    group: Number(group),
  }));
  const groups = (await rows('/etc/group')).map(([name = '', , id, members = '']) => ({
    name,
    id: Number(id),
    members: members.split(',').filter(Boolean),
  }));
  const ran = await reader.run('getent', ['passwd', 'spacelift']).catch(() => undefined);
  const [name = '', , id, group] = ran?.exitCode === 0 ? ran.stdout.toString('utf8').trim().split(':') : [];
  return {
    users,
    groups,
    spacelift: name === '' ? undefined : { name, id: Number(id), group: Number(group) },
    lingers: (await reader.entry('/var/lib/systemd/linger/spacelift')) !== undefined,
  };
}
