import { suggestionLine } from '../../../core/suggestion.ts';
import { bad, type Check, type Cure, defineCheck, type Finding, good, skipped, warning } from '../check.ts';
import type { Network, Reached } from '../facts/network.ts';

/** Milliseconds before the expiry of a server's certificate in which to warn. */
const EXPIRY_WARNING_MS = 7 * 24 * 60 * 60 * 1000;

/** Seconds by which the dates of keys and certificates matter. */
const A_DAY = 24 * 60 * 60;

/** Checks the clock, which certificates, sessions and signed requests depend on. A minute exceeds any network delay. */
const clock = defineCheck({
  id: 'clock',
  title: 'Clock',
  stage: 'always',
  needs: ['clock'],
  judge({ clock: { ahead, server, isSynchronized, canSynchronize } }) {
    if (ahead === undefined) return skipped('no server responded to compare the clock with');
    const evidence = `${Math.abs(ahead)} s ${ahead < 0 ? 'behind' : 'ahead of'} ${server}`;
    if (Math.abs(ahead) <= 60) return good(evidence);
    const explains = { explains: Math.abs(ahead) > A_DAY ? ['token-certificate', 'signing-key'] : [] };
    if (canSynchronize === false)
      return bad(evidence, { fix: 'Install a time service, such as the package chrony' }, explains);
    if (isSynchronized)
      return bad(
        evidence,
        { fix: 'See why the time service does not set the clock: timedatectl timesync-status' },
        explains,
      );
    return bad(evidence, { fix: 'Synchronize it', commands: ['timedatectl set-ntp true'] }, explains);
  },
});

/** Checks that names can be resolved at all: without that, every server fails. */
const resolver = defineCheck({
  id: 'resolver',
  title: 'Name resolution',
  stage: 'always',
  needs: ['network'],
  judge({ network: { endpoints, nameServers } }) {
    const failed = endpoints.filter(({ failure }) => failure?.kind === 'name');
    if (failed.length < 2 || failed.length < endpoints.length / 2)
      return good(`name servers: ${nameServers?.join(', ') || 'none'}`);
    const explains = { explains: [`egress/${aboutOf(failed)}`, 'worker/not-connected', 'updates'] };
    if (nameServers === undefined || nameServers.length === 0)
      return bad(
        '/etc/resolv.conf names no server',
        { fix: 'Set a name server there, or in the service that writes it: systemd-resolved, NetworkManager, DHCP' },
        explains,
      );
    return bad(
      `no name can be resolved by ${nameServers.join(', ')}`,
      { fix: `Check that it runs and is allowed (port 53), or set another one in /etc/resolv.conf` },
      explains,
    );
  },
});

const egress = defineCheck({
  id: 'egress',
  title: 'Outbound access and TLS',
  stage: 'always',
  needs: ['network'],
  judge({ network }) {
    const answered = network.endpoints.flatMap(({ host, purpose, answer }) =>
      answer ? judgeAnswer(`${host} (${purpose})`, answer, network.now) : [],
    );
    return [...answered, ...judgeFailures(network)];
  },
});

function judgeAnswer(about: string, { status, certificate }: NonNullable<Reached['answer']>, now: Date): Finding {
  const chain = certificate
    ? `, certificate by ${certificate.issuer} until ${certificate.notAfter.toISOString().slice(0, 10)}`
    : '';
  const evidence = `responds (HTTP ${status})${chain}`;
  if (certificate && certificate.notAfter.getTime() < now.getTime() + EXPIRY_WARNING_MS)
    return warning(evidence, { fix: "Its certificate expires soon: tell the server's operator" }, { about });
  return good(evidence, about);
}

/** Reports servers that fail for one cause as one finding. */
function judgeFailures({ endpoints, pinned }: Network): readonly Finding[] {
  const groups = new Map<string, Reached[]>();
  for (const each of endpoints) {
    if (!each.failure) continue;
    const key = each.failure.kind === 'other' ? each.host : each.failure.kind;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    const hosts = group.map(({ host }) => host);
    const explains = {
      explains: [
        'worker/not-connected',
        ...(hosts.some((host) => /^(?:downloads|keys)\./.test(host))
          ? ['updates/launcher', 'worker/launcher-update-failed']
          : []),
      ],
    };
    const about = aboutOf(group);
    const evidence =
      group.length === 1
        ? (first?.failure?.message ?? '')
        : `${first?.failure?.message}; the same for ${hosts.slice(1).join(', ')}`;
    return bad(evidence, cureFor(group, pinned), { about, ...explains });
  });
}

/** Names servers that fail for one cause. */
function aboutOf(group: readonly Reached[]): string {
  const [first] = group;
  return group.length === 1 && first ? `${first.host} (${first.purpose})` : `${group.length} servers`;
}

function cureFor(group: readonly Reached[], pinned: Network['pinned']): Cure {
  const [first] = group;
  const hosts = group.map(({ host }) => host).join(', ');
  const advice = (first?.failure?.advice ?? []).slice(0, 1).map(suggestionLine);
  const kind = first?.failure?.kind;
  if (kind === 'proxy') return { fix: [...advice, 'Check HTTPS_PROXY in /etc/spacelift/launcher.env'].join('; ') };
  if (kind === 'authority')
    return {
      fix: [...advice, 'To install it on this host: spacectl host install --ca FILE --trust-on-host'].join('; '),
    };
  if (kind === 'validity') return { fix: advice.join('; ') };
  const name = first?.host.replace(/:\d+$/, '') ?? '';
  const address = group.length === 1 ? pinned.get(name) : undefined;
  if (address !== undefined)
    return { fix: `/etc/hosts maps it to ${address}: remove it there, if that is not its address` };
  return { fix: [...advice, `allow outbound TCP 443 to ${hosts}, or set a proxy: --https-proxy`].join('; ') };
}

export const clockChecks: readonly Check[] = [clock];
export const networkChecks: readonly Check[] = [resolver, egress];
