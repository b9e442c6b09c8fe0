import { listed, quoteIfNeeded } from '../../core/text.ts';
import { hostReports } from '../../deploy/index.ts';
import type { Answers } from '../../step/input.ts';
import { attention, type Finding, good, unknown } from './thing.ts';

/** Returns the hosts that spacectl.yaml names for SSH. */
export function sshHostsIn(answers: Answers): readonly string[] {
  const { ssh } = answers;
  return Array.isArray(ssh) ? ssh : [];
}

/** Milliseconds that a host has to answer. Its check takes up to ten seconds where its launcher has no connection. */
const TIMEOUT_MS = 30_000;

/** Asks the hosts themselves, over SSH, whether they are workers. */
export async function hostsOf(
  { dir, offline, answers }: { readonly dir: string; readonly offline: string | undefined; readonly answers: Answers },
  signal: AbortSignal,
): Promise<Finding> {
  const config = answers['ssh-config'];
  const hosts = sshHostsIn(answers).map((name) => ({ name, config: typeof config === 'string' ? config : undefined }));
  if (offline !== undefined) return unknown(`${listed(hosts.map(({ name }) => name))}: not checked (${offline})`);
  const states = await hostReports(hosts, signal, TIMEOUT_MS);
  const faulty = states.filter(({ report }) => report?.isWorker === false);
  const silent = states.filter(({ report }) => report?.isWorker === undefined);
  const texts = [
    ...faulty.map(({ host, report }) => `${host}: ${report?.faults.join('; ') || 'no worker'}`),
    ...silent.map(({ host, reason }) => (reason === undefined ? `${host}: not installed` : reason)),
  ];
  const deploy = `spacectl deploy ${quoteIfNeeded(dir)}`;
  if (faulty.length > 0) return attention(texts.join('. '), deploy);
  if (silent.some(({ reason }) => reason === undefined)) return attention(texts.join('. '), deploy);
  if (silent.length > 0) return unknown(texts.join('. '));
  return good(states.map(({ host, report }) => `${host}: is a worker (checked at ${report?.time})`).join('. '));
}
