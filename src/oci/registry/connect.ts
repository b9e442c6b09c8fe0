import { type ClientCertificate, createHttpClient, isLoopback } from '../../http/index.ts';
import type { ImageReference } from '../reference.ts';
import { storedCredentials } from './credentials.ts';
import { findHostCertificates } from './host-certificates.ts';
import { type Mirror, withMirrors } from './mirrors.ts';
import { createRepository, type Repository } from './repository.ts';

/** How a registry is reached. */
export interface RegistryOptions {
  /** Use plain HTTP. Default: for loopback addresses, unless a CA or client certificate is given, or in `certs.d`. */
  readonly plainHttp?: boolean;
  /** PEM of the CA that issued the registry's certificate, if it is a private one. Default: those in `certs.d`. */
  readonly certificateAuthority?: string;
  /** For registries that require a client certificate. Default: the one in `certs.d`. */
  readonly clientCertificate?: ClientCertificate;
  /** `HOST` or `HOST/PREFIX` that may have the same image, tried first, in order. Their content is checked against digests. */
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
 * @throws UserError `SPACECTL_BAD_ANSWERS`, `SPACECTL_CANNOT_READ` for stored credentials or certificates that cannot be
 *   used
 */
export async function connect(
  reference: ImageReference,
  options: RegistryOptions,
): Promise<{ repository: Repository; close: () => void }> {
  const { report = () => {} } = options;
  const own = await connectTo(reference, options);
  // Credentials are for the registry: a mirror must not get them.
  const { credentials: _, clientCertificate: __, ...others } = options;
  const mirrors: (Mirror & { readonly close: () => void })[] = [];
  for (const host of options.mirrors ?? []) {
    mirrors.push({ host, ...(await connectTo(referenceAt(host, reference), others)) });
  }
  const close = () => {
    for (const each of [own, ...mirrors]) each.close();
  };
  return { repository: withMirrors(mirrors, own.repository, report), close };
}

/**
 * Returns an image's reference at a mirror, `HOST[:PORT][/PREFIX]`. The prefix goes before the repository, as in
 * containers-registries.conf(5), `location` of a mirror: a project of Harbor, a repository of Artifactory.
 */
function referenceAt(mirror: string, { repository, ...rest }: ImageReference): ImageReference {
  const [registry = '', ...prefix] = mirror.split('/');
  return { ...rest, registry, repository: [...prefix, repository].join('/') };
}

/** Connects to a repository of one host, with what is stored for that host. */
async function connectTo(
  reference: ImageReference,
  options: RegistryOptions,
): Promise<{ repository: Repository; close: () => void }> {
  const { environment = process.env, report = () => {}, signal, root } = options;
  const { registry, repository } = reference;
  const stored = { environment, signal, report, root };
  const found = options.plainHttp ? {} : await findHostCertificates(registry, stored);
  const { certificateAuthority = found.certificateAuthority, clientCertificate = found.clientCertificate } = options;
  const client = createHttpClient({
    certificateAuthority,
    clientCertificate,
    environment,
    authorityAdvice: 'Pass the certificate of its CA with --registry-ca FILE, or set SSL_CERT_FILE',
  });
  const base = baseOf(reference, { plainHttp: options.plainHttp, certificateAuthority, clientCertificate });
  const all = storedCredentials(registry, repository, stored);
  const next = async () => (await all.next()).value;
  const login = options.credentials ? { credentials: options.credentials } : { credentials: await next(), next };
  return { repository: createRepository(base, client, login, report), close: client.close };
}

function baseOf(
  { registry, repository }: ImageReference,
  { plainHttp, certificateAuthority, clientCertificate }: TlsOptions,
): string {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const isTls = certificateAuthority !== undefined || clientCertificate !== undefined;
  const isPlain = plainHttp ?? (!isTls && isLoopback(new URL(`http://${host}`).hostname));
  return `${isPlain ? 'http' : 'https'}://${host}/v2/${repository}`;
}

type TlsOptions = {
  readonly [Name in 'plainHttp' | 'certificateAuthority' | 'clientCertificate']: RegistryOptions[Name] | undefined;
};
