import type { Agent } from 'node:http';
import { UserError } from '../step/errors.ts';
import { isLoopback } from './loopback.ts';

/**
 * The proxy for a URL after `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` of the process, in capitals or not.
 * This machine's own addresses are never asked for through a proxy, as in Go.
 *
 * @throws UserError `SPACECTL_BAD_INPUT` if the variable is not the URL of a proxy for HTTP (which may hold a password: it is not shown)
 */
export async function proxyFor(url: URL): Promise<URL | undefined> {
  const isAnySet = Object.entries(process.env).some(([name, value]) => value && /_proxy$/i.test(name));
  if (!isAnySet || isLoopback(url.hostname)) return undefined;
  const { getProxyForUrl } = await import('./proxy-libraries.ts');
  const proxy = getProxyForUrl(url.href);
  if (!proxy) return undefined;
  if (!URL.canParse(proxy)) {
    const message = `The proxy set for ${url.protocol.slice(0, -1)} in the environment is not a URL`;
    throw new UserError('SPACECTL_BAD_INPUT', message);
  }
  const parsed = new URL(proxy);
  if (parsed.protocol === 'http:' || parsed.protocol === 'https:') return parsed;
  const message = `The proxy set for ${url.protocol.slice(0, -1)} in the environment is of the kind ${parsed.protocol}//`;
  throw new UserError('SPACECTL_BAD_INPUT', message, { suggestions: ['Use a proxy of the kind http:// or https://'] });
}

/** An agent that reaches HTTPS hosts through a tunnel of the proxy. */
export async function tunnelThrough(proxy: URL): Promise<Agent> {
  const { HttpsProxyAgent } = await import('./proxy-libraries.ts');
  return new HttpsProxyAgent(proxy, { keepAlive: true });
}

/** The header that logs in at a proxy, if its URL holds a name. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (!username) return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}
