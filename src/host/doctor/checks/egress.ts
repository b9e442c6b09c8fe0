import { UserError } from '../../../core/errors.ts';
import { bad, type Check, type Examined, type Finding, good, warning } from '../check.ts';
import { type Endpoint, endpointsFor } from '../endpoints.ts';

/** How long before its end a server's certificate is worth a word, in milliseconds. */
const SOON = 7 * 24 * 60 * 60 * 1000;

/**
 * Every server is really asked, through the proxy and with the authorities that the launcher has. Any answer will do:
 * what matters is that the connection stands and its certificate is trusted. The issuer shows an inspecting proxy.
 */
const egress: Check = {
  id: 'egress',
  title: 'Outbound access and TLS',
  stage: 'always',
  async run(host) {
    const { environment, account, endpoints, token, comms } = host;
    const all = endpointsFor({ environment, account, token, comms, more: endpoints });
    return Promise.all(all.map((endpoint) => reach(endpoint, host)));
  },
};

async function reach({ host: name, purpose }: Endpoint, { client, signal }: Examined): Promise<Finding> {
  const about = `${name} (${purpose})`;
  try {
    const response = await client.request({ method: 'HEAD', url: `https://${name}/`, signal });
    response.body.destroy();
    const { certificate } = response;
    const chain = certificate
      ? `, certificate by ${certificate.issuer} until ${certificate.notAfter.toISOString().slice(0, 10)}`
      : '';
    const evidence = `answers (HTTP ${response.status})${chain}`;
    if (certificate && certificate.notAfter.getTime() < Date.now() + SOON)
      return warning(evidence, 'Its certificate is about to run out: tell who runs it', about);
    return good(evidence, about);
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'SPACECTL_INTERRUPTED') throw error;
    const needed = `outbound TCP 443 to ${name} has to be allowed, or a proxy set: --https-proxy`;
    const fix = [...error.suggestions.slice(0, 1), needed].join('; ');
    return bad(error.message, fix, about);
  }
}

export const egressChecks: readonly Check[] = [egress];
