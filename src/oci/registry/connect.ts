import { type ClientCertificate, createHttpClient, type HttpClient, isLoopback } from '../../http/index.ts';
import type { ImageReference } from '../reference.ts';
import { storedCredentials } from './credentials.ts';
import { withMirrors } from './mirrors.ts';
import { createRepository, type Repository } from './repository.ts';

/** How a registry is reached. */
export interface RegistryOptions {
  /** Talk plain HTTP. If left out: for this machine's own addresses, unless a certificate authority is given. */
  readonly plainHttp?: boolean;
  /** PEM of the authority of the registry's certificate, if it is a private one. */
  readonly certificateAuthority?: string;
  /** For registries that ask for a certificate of ours. */
  readonly clientCertificate?: ClientCertificate;
  /** Other hosts that may have the same image: asked first, in this order; what they say is checked all the same. */
  readonly mirrors?: readonly string[];
  /** If left out: what `docker login` has stored, if anything. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Where `DOCKER_CONFIG`, `HOME` and `SSL_CERT_FILE` are looked up. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly report?: (progress: string) => void;
}

/**
 * A repository to talk to, by way of its mirrors if there are any.
 * @throws UserError `SPACECTL_BAD_ANSWERS`, `SPACECTL_CANNOT_READ` for stored credentials that cannot be used
 */
export async function connect(
  reference: ImageReference,
  options: RegistryOptions,
): Promise<{ repository: Repository; close: () => void }> {
  const { certificateAuthority, clientCertificate, environment = process.env, report = () => {} } = options;
  const shared = {
    certificateAuthority,
    environment,
    authorityAdvice: 'Pass the certificate of its authority with --registry-ca FILE, or name it in SSL_CERT_FILE',
  };
  const client = createHttpClient({ ...shared, clientCertificate });
  const stranger = createHttpClient(shared);
  const own = await repositoryAt(reference, client, options);
  const mirrors = [];
  for (const host of options.mirrors ?? []) {
    // What was given is for the registry, and nobody else.
    const { credentials: _, clientCertificate: __, ...others } = options;
    mirrors.push({ host, repository: await repositoryAt({ ...reference, registry: host }, stranger, others) });
  }
  const close = () => {
    client.close();
    stranger.close();
  };
  return { repository: withMirrors(mirrors, own, report), close };
}

async function repositoryAt(
  reference: ImageReference,
  client: HttpClient,
  options: RegistryOptions,
): Promise<Repository> {
  const { environment = process.env, report = () => {}, signal } = options;
  const { registry, repository } = reference;
  const given = options.credentials;
  const stored = given ? undefined : await storedCredentials(registry, repository, { environment, signal, report });
  const login = { credentials: given ?? stored, isStored: stored !== undefined };
  return createRepository(baseOf(reference, options), client, login, report);
}

function baseOf({ registry, repository }: ImageReference, options: RegistryOptions): string {
  const { plainHttp, certificateAuthority, clientCertificate } = options;
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const isTls = certificateAuthority !== undefined || clientCertificate !== undefined;
  const isPlain = plainHttp ?? (!isTls && isLoopback(new URL(`http://${host}`).hostname));
  return `${isPlain ? 'http' : 'https'}://${host}/v2/${repository}`;
}
