import { createHttpClient } from '../../http/index.ts';
import { regionOfEnvironment } from './region-of-environment.ts';
import { missingRegion } from './request-error.ts';
import { requestHandler } from './request-handler.ts';

/** Where and how a service of AWS is asked. */
export interface ConnectionOptions {
  /** Default: the region of the environment, or of the AWS CLI's profile. */
  readonly region: string | undefined;
  /** The address of the service. Default: that of the region. */
  readonly endpoint?: string | undefined;
  readonly signal: AbortSignal;
  /** What else to try if the service denies a request. */
  readonly suggestions?: readonly string[];
}

/** A client of the AWS SDK, as far as it is opened and closed here. */
interface SdkClient {
  readonly config: { region(): Promise<string> };
  destroy(): void;
}

interface ClientSettings {
  readonly region?: string;
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly requestHandler: never;
}

/**
 * Opens a client of the AWS SDK with the credentials that the AWS CLI would use. Requests go through our own HTTP client,
 * which handles proxies, private CAs, timeouts and retries as for every other request.
 * @throws UserError `SPACECTL_MISSING_INPUT` if no region is known
 */
export async function openClient<Client extends SdkClient>(
  Client: new (settings: ClientSettings) => Client,
  { region, endpoint, signal }: ConnectionOptions,
): Promise<{ readonly client: Client; readonly region: string; close(): void }> {
  // Our own package.json says which versions of Node are supported.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const http = createHttpClient();
  const named = region ?? regionOfEnvironment();
  const client = new Client({
    ...(named && { region: named }),
    ...(endpoint && { endpoint }),
    maxAttempts: 1,
    requestHandler: requestHandler(http, signal) as never,
  });
  const close = () => {
    client.destroy();
    http.close();
  };
  const asked = await client.config.region().catch((cause: unknown) => {
    close();
    throw missingRegion(cause);
  });
  return { client, region: asked, close };
}
