import { UserError } from '../core/errors.ts';
import { readFileIfThere } from '../files/read.ts';
import { createHttpClient, type HttpClient } from '../http/index.ts';
import { readToken } from '../pki/index.ts';
import { tokenFileIn } from '../pool-folder/index.ts';
import type { Values } from '../step/input.ts';
import type { releaseInputs, sourceInputs } from './inputs.ts';
import { domainOf, downloadBase, environmentOf, type Release } from './release.ts';
import type { KeyRequest } from './signing-key.ts';
import { folderSource, type Source, webSource } from './source.ts';

/** Returns the launcher that the inputs select. The environment is the given one, else the token's, else `standard`. */
export async function releaseOf(values: Values<typeof releaseInputs>): Promise<Release> {
  const environment = values.environment ?? (await environmentFromToken(values));
  return { arch: values.arch, environment, domain: values.domain ?? domainOf(environment) };
}

async function environmentFromToken({ dir, token }: Values<typeof releaseInputs>): Promise<Release['environment']> {
  const bytes = token === undefined ? await readFileIfThere(tokenFileIn(dir)) : Buffer.from(token);
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
  if (values.offline !== undefined) return folderSource(values.offline);
  return webSource(downloadBase(release, values.mirror), client, signal);
}

/**
 * Returns how to find the signing key.
 * @throws UserError `SPACECTL_MISSING_INPUT` for `--offline` without `--signing-key`
 */
export function keyRequestOf(values: SourceValues): KeyRequest {
  const { fingerprint, offline, 'signing-key': file, 'key-server': server } = values;
  if (offline !== undefined && file === undefined) {
    throw new UserError(
      'SPACECTL_MISSING_INPUT',
      'Missing --signing-key: with --offline, spacectl does not use a key server',
      {
        suggestions: [`Download the key on another machine: ${server}/vks/v1/by-fingerprint/${fingerprint}`],
      },
    );
  }
  return { fingerprint, file, server: server.replace(/\/+$/, '') };
}
