import { COMMS_PROTOCOL, COMMS_URL } from '../../../render/index.ts';
import { bad, type Check, defineCheck, type Finding, orGood, skipped, warning } from '../check.ts';
import type { Facts } from '../facts/facts.ts';

/** Checks the proxy variables: programs read one spelling or the other. */
const proxies = defineCheck({
  id: 'proxies',
  title: 'Proxy settings',
  stage: 'installed',
  needs: ['installation'],
  judge({ installation: { settings } }) {
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
    const different = names.filter((name) => {
      const [upper, lower] = [settings[name], settings[name.toLowerCase()]];
      return upper !== undefined && lower !== undefined && upper !== lower;
    });
    const bypass = (settings['NO_PROXY'] ?? settings['no_proxy'] ?? '').split(',');
    const isProxied = names.slice(0, 2).some((name) => settings[name] || settings[name.toLowerCase()]);
    const findings = [
      ...(different.length > 0
        ? [
            bad(
              `${different.map((name) => `${name} and ${name.toLowerCase()}`).join(', ')} differ: programs read one or the other`,
              {
                fix: 'Give both spellings the same value in /etc/spacelift/launcher.env, then restart the launcher',
              },
            ),
          ]
        : []),
      ...(isProxied && !bypass.some((name) => name.trim() === '169.254.169.254' || name.trim() === '*')
        ? [
            warning('NO_PROXY does not have 169.254.169.254: runs cannot get credentials from the metadata service', {
              fix: 'Add it to NO_PROXY in /etc/spacelift/launcher.env, then restart the launcher',
            }),
          ]
        : []),
    ];
    return orGood(findings, isProxied ? 'both spellings are the same' : 'no proxy');
  },
});

const POLL =
  'To make workers poll: sudo spacectl host install --dir DIR, or render the files again. Only a self-hosted server that predates polling still needs MQTT';

/**
 * Checks that workers poll. Spacelift retires MQTT at the end of 2026 (terraform-aws-spacelift-workerpool-on-ec2,
 * docs/upgrade/v8.x-to-v9.0.md@88372bb, and issue 229 there); a launcher uses it unless it is configured to poll.
 */
const comms = defineCheck({
  id: 'comms',
  title: 'Worker communication',
  stage: 'installed',
  needs: ['installation'],
  judge({ installation }) {
    const {
      comms: { protocol, origin, url },
      settings,
    } = installation;
    if (origin === 'not installed') return skipped('no readable environment file of the launcher');
    const given = settings[COMMS_PROTOCOL] ?? '';
    if (origin === 'set' && given !== 'poll' && given !== 'mqtt')
      return bad(`${COMMS_PROTOCOL} is "${given}", which is neither poll nor mqtt`, { fix: POLL });
    if (protocol === 'mqtt') {
      const seen = `${COMMS_PROTOCOL} is ${origin === 'set' ? 'mqtt' : 'not set, which means MQTT'}`;
      return warning(`${seen}: Spacelift retires MQTT at the end of 2026, and workers should poll from 2027-01-01`, {
        fix: POLL,
      });
    }
    if (url === undefined) return warning(`polls, but ${COMMS_URL} is not set to an https URL`, { fix: POLL });
    return orGood(judgeUrl(url, installation), `polls ${url}`);
  },
});

/** Judges the server that is polled: its address, and whether the token is for the same installation of Spacelift. */
function judgeUrl(url: string, { secrets, environment }: Facts['installation']): readonly Finding[] {
  const { pathname, hostname } = new URL(url);
  if (pathname !== '/')
    return [warning(`${COMMS_URL} has a path, ${pathname}: only scheme and host belong in it`, { fix: POLL })];
  const token = secrets?.token?.endpoint ?? '';
  const expected = environment === 'us' ? 'app.us.spacelift.io' : 'app.spacelift.io';
  const isSaas = /^app\.(?:us\.)?spacelift\.io$/.test(hostname);
  if (!isSaas || !/spacelift\.io/.test(token) || environment === 'fedramp' || hostname === expected) return [];
  return [
    bad(
      `polls ${hostname}, and the token is for ${expected}`,
      { fix: `Install again with --worker-comms-url https://${expected}` },
      { explains: ['worker/not-connected'] },
    ),
  ];
}

export const commsChecks: readonly Check[] = [proxies, comms];
