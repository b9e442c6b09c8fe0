import { isSystemError, UserError } from '../../core/errors.ts';
import { readWhole } from '../../files/read.ts';
import {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  requiresClientCertificate,
} from '../../http/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of Spacelift's CLI (spacelift-io/spacectl@490d0dd, internal/cmd/authenticated/client.go): paths of PEM files. */
const CA = 'SPACELIFT_API_TLS_CA';
const CERTIFICATE = 'SPACELIFT_API_TLS_CERT';
const KEY = 'SPACELIFT_API_TLS_KEY';

/**
 * Creates the HTTP client of the API. Its TLS settings come from the variables of Spacelift's CLI, whose files are read
 * before the first request.
 */
export function createApiHttp(options: HttpClientOptions = {}, environment: Environment = process.env): HttpClient {
  let client: Promise<HttpClient> | undefined;
  return {
    async request(request) {
      client ??= tlsOptions(environment).then((tls) => createHttpClient({ ...options, ...tls }));
      const { request: send } = await client;
      return send(request).catch((error: unknown) => {
        throw error instanceof UserError ? withAdvice(error, environment) : error;
      });
    },
    close() {
      // A client that could not be created has no connections.
      client?.then((made) => made.close()).catch(() => {});
    },
  };
}

/** @throws UserError `SPACECTL_CANNOT_READ`, `SPACECTL_BAD_CERTIFICATE`, `SPACECTL_BAD_INPUT` */
async function tlsOptions(environment: Environment): Promise<HttpClientOptions> {
  const [authority, certificate, key] = [CA, CERTIFICATE, KEY].map((name) => environment[name] || undefined);
  if (Boolean(certificate) !== Boolean(key)) {
    const [set, missing] = certificate ? [CERTIFICATE, KEY] : [KEY, CERTIFICATE];
    throw new UserError('SPACECTL_BAD_INPUT', `${set} is set, but not ${missing}: a client certificate needs both`);
  }
  const authorities = authority ? await readPem(CA, authority) : undefined;
  if (authorities !== undefined && !authorities.includes('-----BEGIN CERTIFICATE-----')) {
    throw new UserError('SPACECTL_BAD_CERTIFICATE', `${CA} (${authority}) does not contain a PEM certificate`);
  }
  return {
    // As in Spacelift's CLI, they replace the system's. SSL_CERT_FILE adds to them instead.
    ...(authorities && {
      certificateAuthority: authorities,
      trust: 'only',
      authorityAdvice: `Check ${CA} (${authority}): only its certificates are trusted`,
    }),
    ...(certificate &&
      key && {
        clientCertificate: { certificate: await readPem(CERTIFICATE, certificate), key: await readPem(KEY, key) },
      }),
  };
}

async function readPem(variable: string, file: string): Promise<string> {
  try {
    return (await readWhole(file)).toString('latin1');
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(cause.code, `${variable}: ${cause.message}`, { cause });
  }
}

/** Adds what to do about the client certificate to an error that is, or may be, about it. */
function withAdvice(error: UserError, environment: Environment): UserError {
  const own = environment[CERTIFICATE];
  // Some servers end the connection instead of saying that they reject the certificate.
  const isRejected = own && isSystemError(error.cause, 'ECONNRESET', 'EPIPE');
  if (!isRejected && !requiresClientCertificate(error.cause)) return error;
  const advice = own
    ? `Check that the server accepts the certificate in ${CERTIFICATE} (${own})`
    : `Set ${CERTIFICATE} and ${KEY} to the PEM files of a client certificate and its key`;
  return new UserError(error.code, error.message, { suggestions: [...error.suggestions, advice], cause: error.cause });
}
