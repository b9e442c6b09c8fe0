import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { UserError } from '../core/errors.ts';
import { rememberAuthorization } from '../core/secrets.ts';
import { parseUrl } from '../core/url.ts';
import { isLoopback } from './loopback.ts';
import { isExempt, withoutBrackets } from './no-proxy.ts';

/**
 * Returns the proxy for a URL: from `HTTPS_PROXY` or `HTTP_PROXY`, else from curl's `ALL_PROXY`, unless `NO_PROXY`
 * exempts the host. Names may be upper or lower case. As in golang.org/x/net/http/httpproxy, a proxy without a scheme is
 * a plain HTTP one.
 *
 * @throws UserError `SPACECTL_BAD_INPUT` if the value is not the URL of an HTTP proxy. The value is not shown: it may
 *   contain a password
 */
export function proxyFor(url: URL, environment: NodeJS.ProcessEnv = process.env): URL | undefined {
  const set = proxySetFor(url, environment);
  if (!set || isExempt(url, setting('NO_PROXY', environment) ?? '')) return undefined;
  const { variable, value } = set;
  const written = value.includes('://') ? value : `http://${value}`;
  const proxy = parseUrl(written);
  if (!proxy) throw new UserError('SPACECTL_BAD_INPUT', `${variable} is not a valid proxy URL`, HINT);
  if (proxy.protocol === 'http:' || proxy.protocol === 'https:') return proxy;
  throw new UserError('SPACECTL_BAD_INPUT', `${variable}: ${proxy.protocol}// proxies are not supported`, HINT);
}

const HINT = { suggestions: ['Use an http:// or https:// proxy'] };

/** Finds the variable that sets the proxy for URLs of this protocol, regardless of `NO_PROXY`. */
function proxySetFor({ protocol }: URL, environment: NodeJS.ProcessEnv) {
  for (const variable of [variableFor(protocol), 'ALL_PROXY']) {
    const value = setting(variable, environment);
    if (value) return { variable, value };
  }
  return undefined;
}

function variableFor(protocol: string): string {
  return protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
}

function setting(variable: string, environment: NodeJS.ProcessEnv): string | undefined {
  return (environment[variable] || environment[variable.toLowerCase()])?.trim() || undefined;
}

/** Returns what to suggest about proxies for a host that cannot be reached; nothing for loopback. */
export function proxyAdvice(url: URL, environment: NodeJS.ProcessEnv = process.env): readonly string[] {
  if (isLoopback(url.hostname)) return [];
  const set = proxySetFor(url, environment);
  if (set) return [`If it needs the proxy from ${set.variable}, remove ${url.hostname} from NO_PROXY`];
  return [`If this network requires a proxy, set ${variableFor(url.protocol)}`];
}

/** Starts a request to a proxy, with the credentials from its URL. @param secureContext the CA certificates to trust */
export function requestToProxy(
  proxy: URL,
  options: http.RequestOptions,
  secureContext: SecureContext | undefined,
): http.ClientRequest {
  const headers = { ...(options.headers as http.OutgoingHttpHeaders), ...proxyAuthorization(proxy) };
  const own = { ...options, headers };
  if (proxy.protocol === 'http:') return http.request(new URL(proxy.origin), own);
  // By default, Node checks the certificate for the name in the header `host`, which is the target's.
  const name = withoutBrackets(proxy.hostname);
  const servername = isIP(name) ? '' : name;
  return https.request(new URL(proxy.origin), { ...own, servername, ...(secureContext && { secureContext }) });
}

function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (!username) return {};
  const login = `${decoded(username)}:${decoded(password)}`;
  return { 'proxy-authorization': rememberAuthorization(`Basic ${Buffer.from(login).toString('base64')}`) };
}

/** Decodes a part of a URL. One with a bare "%" is returned unchanged. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
