import { type ClientCertificate, createHttpClient, type HttpClient, isLoopback } from '../../http/index.ts';
import type { ImageReference } from '../reference.ts';
import { storedCredentials } from './credentials.ts';
import { withMirrors } from './mirrors.ts';
import { createRepository, type Repository } from './repository.ts';

/** How a registry is reached. */
export interface RegistryOptions {
  /** Use plain HTTP. Default: for loopback addresses, unless a CA or client certificate is given. */
  readonly plainHttp?: boolean;
  /** PEM of the CA that issued the registry's certificate, if it is a private one. */
  readonly certificateAuthority?: string;
  /** For registries that require a client certificate. */
  readonly clientCertificate?: ClientCertificate;
  /** Hosts that may have the same image, tried first, in this order. Their content is checked against digests too. */
  readonly mirrors?: readonly string[];
  /** Default: the credentials that `docker login` has stored, if any. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Where absolute paths begin. Tests replace it. */
  readonly root?: string;
  /** Environment variables: `DOCKER_CONFIG`, `HOME`, `SSL_CERT_FILE` and others. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly report?: (progress: string) => void;
}

/**
 * Connects to a repository, through its mirrors if there are any.
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
    authorityAdvice: 'Pass the certificate of its CA with --registry-ca FILE, or set SSL_CERT_FILE',
  };
  const client = createHttpClient({ ...shared, clientCertificate });
  const mirrorClient = createHttpClient(shared);
  const own = await repositoryAt(reference, client, options);
  const mirrors = [];
  for (const host of options.mirrors ?? []) {
    // Credentials are for the registry: a mirror must not get them.
    const { credentials: _, clientCertificate: __, ...others } = options;
    mirrors.push({ host, repository: await repositoryAt({ ...reference, registry: host }, mirrorClient, others) });
  }
  const close = () => {
    client.close();
    mirrorClient.close();
  };
  return { repository: withMirrors(mirrors, own, report), close };
}

async function repositoryAt(
  reference: ImageReference,
  client: HttpClient,
  options: RegistryOptions,
): Promise<Repository> {
  const { environment = process.env, report = () => {}, signal, root } = options;
  const { registry, repository } = reference;
  const given = options.credentials;
  const base = baseOf(reference, options);
  if (given) return createRepository(base, client, { credentials: given }, report);
  const stored = storedCredentials(registry, repository, { environment, signal, report, root });
  const next = async () => (await stored.next()).value;
  return createRepository(base, client, { credentials: await next(), next }, report);
}

function baseOf({ registry, repository }: ImageReference, options: RegistryOptions): string {
  const { plainHttp, certificateAuthority, clientCertificate } = options;
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const isTls = certificateAuthority !== undefined || clientCertificate !== undefined;
  const isPlain = plainHttp ?? (!isTls && isLoopback(new URL(`http://${host}`).hostname));
  return `${isPlain ? 'http' : 'https'}://${host}/v2/${repository}`;
}
