import { listed, quoteIfNeeded } from '../../core/text.ts';
import { hostVerdicts } from '../../deploy/index.ts';
import type { Answers } from '../../step/input.ts';
import { attention, type Finding, good, unknown } from './thing.ts';

/** Returns the hosts that spacectl.yaml names for SSH. */
export function sshHostsIn(answers: Answers): readonly string[] {
  const { ssh } = answers;
  return Array.isArray(ssh) ? ssh : [];
}

/** Asks the hosts themselves, over SSH, whether they are workers. */
export async function hostsOf(dir: string, answers: Answers, signal: AbortSignal): Promise<Finding> {
  const config = answers['ssh-config'];
  const hosts = sshHostsIn(answers).map((name) => ({ name, config: typeof config === 'string' ? config : undefined }));
  if (answers['offline'] === true)
    return unknown(`${listed(hosts.map(({ name }) => name))}: not asked, because of --offline`);
  const states = await hostVerdicts(hosts, signal);
  const ill = states.filter(({ verdict }) => verdict?.isWorker === false);
  const silent = states.filter(({ verdict }) => verdict?.isWorker === undefined);
  const texts = [
    ...ill.map(({ host, verdict }) => `${host}: ${verdict?.faults.join('; ') || 'no worker'}`),
    ...silent.map(({ host, reason }) => (reason === undefined ? `${host}: not installed` : reason)),
  ];
  const deploy = `spacectl deploy ${quoteIfNeeded(dir)}`;
  if (ill.length > 0) return attention(texts.join('. '), deploy);
  if (silent.some(({ reason }) => reason === undefined)) return attention(texts.join('. '), deploy);
  if (silent.length > 0) return unknown(texts.join('. '));
  return good(`${listed(states.map(({ host }) => host))}: workers, as their own checks say`);
}
