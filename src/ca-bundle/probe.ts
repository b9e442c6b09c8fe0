import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { readInput } from '../files/read.ts';
import { list, optionalText, text } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { anyText, seconds } from '../step/parsers.ts';
import { directory } from '../step/shared.ts';
import { bundleFile } from './inputs.ts';
import { BUNDLE_FILE } from './lock.ts';

interface Target {
  readonly host: string;
  readonly port: number;
}

/** The result of probing a server. */
export interface Probed {
  /** `host:port` */
  readonly target: string;
  readonly isTrusted: boolean;
  /** Why it is trusted or not, or why it cannot be reached. */
  readonly verdict: string;
  readonly isReachable: boolean;
  readonly protocol?: string;
  readonly chain: readonly { readonly subject: string; readonly fingerprint: string; readonly notAfter: string }[];
  /** Fingerprint of the certificate in the bundle that makes the server trusted. */
  readonly trustedBy?: string;
}

/** Checks whether servers are trusted with a bundle alone, by TLS handshakes, one after the other. */
export const probing = inquiry({
  inputs: {
    target: list({
      summary: 'Server to probe',
      placeholder: 'HOST:PORT',
      positional: true,
      required: true,
      parse: parseTarget,
    }),
    dir: directory,
    bundle: bundleFile,
    servername: optionalText({
      summary: 'Server name (SNI) that the certificate must match (default: the host)',
      placeholder: 'NAME',
      parse: anyText,
    }),
    timeout: text({
      summary: 'Seconds to wait for each server',
      placeholder: 'SECONDS',
      asked: false,
      default: '10',
      parse: seconds(3600),
    }),
  },
  async run({ target, dir, bundle = path.join(dir, BUNDLE_FILE), servername, timeout }, signal) {
    const { contentsOf } = await import('../x509/index.ts');
    const authorities = await readInput(bundle);
    const trusted = contentsOf(authorities, bundle).flatMap(({ certificate }) => certificate ?? []);
    if (trusted.length === 0) throw new UserError('SPACECTL_NO_BUNDLE', `${bundle} contains no certificates`);
    const servers: Probed[] = [];
    for (const each of target) {
      servers.push(await probe(each, { authorities, servername, timeout: timeout * 1000, signal }, trusted));
    }
    return { bundle, servers };
  },
});

type Handshaking = Parameters<typeof import('../http/index.ts').performHandshake>[2];
type Certificates = readonly import('../x509/index.ts').Certificate[];

async function probe({ host, port }: Target, options: Handshaking, bundle: Certificates): Promise<Probed> {
  const { performHandshake } = await import('../http/index.ts');
  const { readCertificate } = await import('../x509/index.ts');
  const { describeHandshake } = await import('./verdict.ts');
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  try {
    const { isTrusted, code, protocol, chain: ders } = await performHandshake(host, port, options);
    const chain = ders.flatMap((der) => readCertificate(der) ?? []);
    const { verdict, anchor } = describeHandshake({ isTrusted, code, chain }, bundle, new Date());
    const shown = chain.map(({ subject, fingerprint, notAfter }) => ({
      subject,
      fingerprint,
      notAfter: notAfter.toISOString(),
    }));
    const by = anchor && { trustedBy: anchor.fingerprint };
    return { target, isTrusted, verdict, isReachable: true, protocol, chain: shown, ...by };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'SPACECTL_UNREACHABLE') throw error;
    return { target, isTrusted: false, verdict: error.message, isReachable: false, chain: [] };
  }
}

function parseTarget(given: string): Target {
  const match = /^(?:https:\/\/)?(?:\[([0-9a-f:.]+)\]|([^\s:/[\]]+))(?::(\d{1,5}))?\/?$/i.exec(given);
  const port = Number(match?.[3] ?? 443);
  const host = match?.[1] ?? match?.[2];
  if (host && port >= 1 && port <= 65_535) return { host, port };
  throw new UserError('SPACECTL_BAD_INPUT', `"${given}" is not HOST:PORT`, {
    suggestions: ['Pass spacectl.example.com:443, 10.0.0.7:8443 or [fd00::7]:443, for example'],
  });
}
