import { UserError } from '../../../core/errors.ts';
import { bad, type Check, type Finding, good, type HostFacts, warning } from '../check.ts';
import { type Endpoint, endpointsFor } from '../endpoints.ts';

/** Milliseconds before the expiry of a server's certificate in which to warn. */
const EXPIRY_WARNING_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Sends a request to every server, with the launcher's proxy and CA certificates. Any response is good: what matters is that
 * the connection works and its certificate is trusted. The issuer reveals an inspecting proxy.
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

async function reach({ host: name, purpose }: Endpoint, { client, signal }: HostFacts): Promise<Finding> {
  const about = `${name} (${purpose})`;
  try {
    const response = await client.request({ method: 'HEAD', url: `https://${name}/`, signal });
    response.body.destroy();
    const { certificate } = response;
    const chain = certificate
      ? `, certificate by ${certificate.issuer} until ${certificate.notAfter.toISOString().slice(0, 10)}`
      : '';
    const evidence = `responds (HTTP ${response.status})${chain}`;
    if (certificate && certificate.notAfter.getTime() < Date.now() + EXPIRY_WARNING_MS)
      return warning(evidence, "Its certificate expires soon: tell the server's operator", about);
    return good(evidence, about);
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'SPACECTL_INTERRUPTED') throw error;
    const needed = `allow outbound TCP 443 to ${name}, or set a proxy: --https-proxy`;
    const fix = [...error.suggestions.slice(0, 1), needed].join('; ');
    return bad(error.message, fix, about);
  }
}

export const egressChecks: readonly Check[] = [egress];
