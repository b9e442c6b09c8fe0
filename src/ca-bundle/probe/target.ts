import { UserError } from '../../core/errors.ts';
import { parseUrl } from '../../core/url.ts';

/** A server to probe. */
export interface Target {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Reads `HOST`, `HOST:PORT` or the URL of something on a server. @throws UserError `SPACECTL_BAD_INPUT` */
export function parseTarget(given: string): Target {
  const text = /^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*$/i.test(given) ? `[${given}]` : given;
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  const host = url?.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const port = Number(url?.port || 443);
  if (url?.protocol === 'https:' && host && port >= 1) return { host, port };
  const what = url && url.protocol !== 'https:' ? 'uses no TLS' : 'is not HOST:PORT';
  throw new UserError('SPACECTL_BAD_INPUT', `"${given}" ${what}`, {
    suggestions: [
      'Pass spacectl.example.com:443, 10.0.0.7:8443, [fd00::7]:443 or https://git.example.com/x, for example',
    ],
  });
}
