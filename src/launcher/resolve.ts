import { UserError } from '../core/errors.ts';
import { withoutTrailing } from '../core/text.ts';
import { readFileIfExists } from '../files/read.ts';
import { createHttpClient, type HttpClient } from '../http/index.ts';
import { environmentOf, readToken } from '../pki/index.ts';
import { tokenFileIn } from '../pool-folder/index.ts';
import type { Values } from '../step/input.ts';
import type { releaseInputs, sourceInputs } from './inputs.ts';
import { type Architecture, domainOf, downloadBase, type Release } from './release.ts';
import type { KeyRequest } from './signing-key.ts';
import { folderSource, type Source, webSource } from './source.ts';

type ReleaseValues = Omit<Values<typeof releaseInputs>, 'arch'>;

/** Returns the launcher that the inputs select. The environment is the given one, else the token's, else `standard`. */
export async function releaseOf(values: ReleaseValues, arch: Architecture): Promise<Release> {
  const environment = values.environment ?? (await environmentFromToken(values));
  return { arch, environment, domain: values.domain ?? domainOf(environment) };
}

async function environmentFromToken({ dir, token }: ReleaseValues): Promise<Release['environment']> {
  const bytes = token === undefined ? await readFileIfExists(tokenFileIn(dir)) : Buffer.from(token);
  return bytes ? environmentOf(readToken(bytes)) : 'standard';
}

/** The inputs that select a source. */
export type SourceValues = Values<typeof sourceInputs>;

/** Creates a client that trusts the CA certificates from the inputs. */
export function clientFor(values: SourceValues): HttpClient {
  return createHttpClient({
    certificateAuthority: values['download-ca'],
    authorityAdvice: 'Pass its CA certificate: --download-ca FILE',
  });
}

/** Returns the source that the inputs select. */
export function sourceOf(release: Release, values: SourceValues, client: HttpClient, signal: AbortSignal): Source {
  if (values['offline-dir'] !== undefined) return folderSource(values['offline-dir']);
  return webSource(downloadBase(release, values['launcher-mirror']), client, signal);
}

/**
 * Returns how to find the signing key. @param folder where it is kept; default: in this user's state directory
 * @throws UserError `SPACECTL_MISSING_INPUT` for `--offline-dir` without `--signing-key`
 */
export function keyRequestOf(values: SourceValues, folder?: string): KeyRequest {
  const { fingerprint, 'offline-dir': directory, 'signing-key': file, 'key-server': server } = values;
  if (directory !== undefined && file === undefined) {
    throw new UserError(
      'SPACECTL_MISSING_INPUT',
      'Missing --signing-key: with --offline-dir, spacectl does not use a key server',
      {
        suggestions: [`Download the key on another machine: ${server}/vks/v1/by-fingerprint/${fingerprint}`],
      },
    );
  }
  return { fingerprint, file, server: withoutTrailing(server, '/'), folder };
}
