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

/** The launcher the answers mean: the environment is the one given, or the token's, or the standard one. */
export async function releaseOf(values: Values<typeof releaseInputs>): Promise<Release> {
  const environment = values.environment ?? (await tokensEnvironment(values));
  return { arch: values.arch, environment, domain: values.domain ?? domainOf(environment) };
}

async function tokensEnvironment({ dir, token }: Values<typeof releaseInputs>): Promise<Release['environment']> {
  const bytes = token === undefined ? await readFileIfThere(tokenFileIn(dir)) : Buffer.from(token);
  return bytes ? environmentOf(readToken(bytes)) : 'standard';
}

export type SourceValues = Values<typeof sourceInputs>;

/** Connections that trust what the answers say. Idle ones do not keep the process from ending. */
export function clientFor(values: SourceValues): HttpClient {
  return createHttpClient({
    certificateAuthority: values['download-ca'],
    authorityAdvice: "Give the authority's certificate: --download-ca FILE",
  });
}

/** Where the answers say the files come from. */
export function sourceOf(release: Release, values: SourceValues, client: HttpClient, signal: AbortSignal): Source {
  if (values.offline !== undefined) return folderSource(values.offline);
  return webSource(downloadBase(release, values.mirror), client, signal);
}

/**
 * How the answers say the signing key is found.
 * @throws UserError `SPACECTL_MISSING_INPUT` for a key from the network where there is none to be used
 */
export function keyRequestOf(values: SourceValues): KeyRequest {
  const { fingerprint, offline, 'signing-key': file, 'key-server': server } = values;
  if (offline !== undefined && file === undefined) {
    throw new UserError('SPACECTL_MISSING_INPUT', 'Missing --signing-key: --offline asks no key server', {
      suggestions: [`Fetch it where there is a network: ${server}/vks/v1/by-fingerprint/${fingerprint}`],
    });
  }
  return { fingerprint, file, server: server.replace(/\/+$/, '') };
}
