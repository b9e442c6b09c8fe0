import { UserError } from '../../core/errors.ts';
import { parseUrl } from '../../core/url.ts';
import { networksOf } from '../../http/index.ts';

/**
 * Returns the URL of the token server that a registry names, if a login may be sent there.
 *
 * It must be https; a registry on loopback that uses plain HTTP may name one on loopback that does too. A registry must
 * not make this machine send requests into networks that the registry itself is not in: to services of this machine, to
 * the metadata service of a cloud, or into a company's network.
 *
 * @throws UserError `SPACECTL_UNREACHABLE`, which names the server
 */
export async function tokenServer(realm: string, registry: URL): Promise<URL> {
  const url = parseUrl(realm);
  if (!url || !['https:', 'http:'].includes(url.protocol)) throw refused(registry, 'a token server that is not a URL');
  const [there, here] = await Promise.all([networksOf(url), networksOf(registry)]);
  const isOnLoopback = [...there, ...here].every((network) => network === 'loopback');
  if (url.protocol === 'http:' && !(registry.protocol === 'http:' && isOnLoopback)) {
    throw refused(registry, `the token server ${url.origin}, which does not use https`);
  }
  const inner = [...there].find((network) => network !== 'public' && !here.has(network));
  if (!inner) return url;
  throw refused(registry, `the token server ${url.origin}, which is in a ${inner} network that the registry is not in`);
}

function refused({ host }: URL, what: string): UserError {
  return new UserError('SPACECTL_UNREACHABLE', `${host} names ${what}. No login was sent`, {
    suggestions: ['If the registry is yours, correct the realm in its configuration; otherwise do not trust it'],
  });
}
