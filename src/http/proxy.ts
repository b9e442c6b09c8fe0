import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { UserError } from '../core/errors.ts';
import { isLoopback } from './loopback.ts';
import { isExempt, withoutBrackets } from './no-proxy.ts';

/**
 * The proxy for a URL after `HTTPS_PROXY` or `HTTP_PROXY`, else `ALL_PROXY` as curl has it, and `NO_PROXY`, in capitals or
 * not; read as golang.org/x/net/http/httpproxy does, so that a proxy without a scheme is one of plain HTTP.
 *
 * @throws UserError `SPACECTL_BAD_INPUT` if the variable is not the URL of a proxy for HTTP (which may hold a password: it is not shown)
 */
export function proxyFor(url: URL, environment: NodeJS.ProcessEnv = process.env): URL | undefined {
  const set = proxySetFor(url, environment);
  if (!set || isExempt(url, setting('NO_PROXY', environment) ?? '')) return undefined;
  const { variable, value } = set;
  const written = value.includes('://') ? value : `http://${value}`;
  if (!URL.canParse(written)) throw new UserError('SPACECTL_BAD_INPUT', `${variable} is not the URL of a proxy`, HINT);
  const proxy = new URL(written);
  if (proxy.protocol === 'http:' || proxy.protocol === 'https:') return proxy;
  throw new UserError('SPACECTL_BAD_INPUT', `${variable} names a proxy of the kind ${proxy.protocol}//`, HINT);
}

const HINT = { suggestions: ['Use a proxy of the kind http:// or https://'] };

/** The variable that a proxy for URLs of this kind is set by, exempt or not. */
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

/** What to try about a host that there is no way to without a proxy; nothing where that cannot be it. */
export function proxyAdvice(url: URL, environment: NodeJS.ProcessEnv = process.env): readonly string[] {
  if (isLoopback(url.hostname)) return [];
  const set = proxySetFor(url, environment);
  if (set) return [`Does it have to go through the proxy of ${set.variable}? NO_PROXY exempts ${url.hostname}`];
  return [`If this network has a proxy, name it in ${variableFor(url.protocol)}, which is not set`];
}

/** Starts a request to a proxy itself, and logs in there if its URL holds a name. @param secureContext whom to trust */
export function requestToProxy(
  proxy: URL,
  options: http.RequestOptions,
  secureContext: SecureContext | undefined,
): http.ClientRequest {
  const headers = { ...(options.headers as http.OutgoingHttpHeaders), ...proxyAuthorization(proxy) };
  const own = { ...options, headers };
  if (proxy.protocol === 'http:') return http.request(new URL(proxy.origin), own);
  // Left to itself, Node takes the name in the certificate from the header `host`, which is the target's.
  const name = withoutBrackets(proxy.hostname);
  const servername = isIP(name) ? '' : name;
  return https.request(new URL(proxy.origin), { ...own, servername, ...(secureContext && { secureContext }) });
}

function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (!username) return {};
  const login = `${decoded(username)}:${decoded(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}

/** A part of a URL as it was meant; one with a bare "%" was meant as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
