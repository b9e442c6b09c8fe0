import path from 'node:path';
import { list, optionalText, text } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { anyText, seconds } from '../step/parsers.ts';
import { directory } from '../step/shared.ts';
import { bundleFile } from './inputs.ts';
import { BUNDLE_FILE } from './lock/lock.ts';
import { parseTarget } from './probe/target.ts';

/** Probes whether Go and OpenSSL trust servers with a bundle alone, by TLS handshakes, one after the other. */
export const probing = inquiry({
  inputs: {
    target: list({
      summary: 'Server to probe, or the URL of something on it',
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
      summary: 'Seconds to wait for each handshake',
      placeholder: 'SECONDS',
      asked: false,
      default: '10',
      parse: seconds(3600),
    }),
  },
  async run({ target, dir, bundle = path.join(dir, BUNDLE_FILE), servername, timeout }, signal) {
    const { readTrust } = await import('./probe/trust.ts');
    const { probeServer } = await import('./probe/server.ts');
    const trust = await readTrust(bundle);
    const servers = [];
    for (const each of target) {
      servers.push(await probeServer({ ...each, servername, timeout: timeout * 1000, signal }, trust));
    }
    return { bundle, servers };
  },
});
