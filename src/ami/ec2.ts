import { dateFrom } from '../core/date.ts';
import { UserError } from '../core/errors.ts';
import { createHttpClient } from '../http/index.ts';
import type { Image } from './lifecycle.ts';

/** Requests to EC2. */
export interface Ec2 {
  /** Describes images by ID, with deprecated ones; those that were removed are left out. */
  images(ids: readonly string[]): Promise<readonly Image[]>;
  /** Describes the available images of an account and an architecture. */
  available(owner: string, architecture: string): Promise<readonly Image[]>;
  /** Lists the IDs of the images that the instances of an auto-scaling group run. */
  imagesOfGroup(group: string): Promise<readonly string[]>;
  close(): void;
}

/** A request as the AWS SDK passes it to its request handler. */
interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/**
 * Connects to EC2 with the credentials that the AWS CLI would use. Requests go through our own HTTP client, which handles
 * proxies, private CAs, timeouts and retries as for every other request.
 */
export async function connectToEc2(options: {
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly signal: AbortSignal;
}): Promise<Ec2> {
  // Our own package.json says which versions of Node are supported.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { DescribeImagesCommand, DescribeInstancesCommand, EC2Client } = await import('./aws-library.ts');
  const http = createHttpClient();
  const { signal } = options;
  const client = new EC2Client({
    ...(options.region && { region: options.region }),
    ...(options.endpoint && { endpoint: options.endpoint }),
    maxAttempts: 1,
    requestHandler: {
      async handle({ protocol, hostname, port, path, method, headers, body }: SdkRequest) {
        const url = new URL(`${protocol}//${hostname}${port ? `:${port}` : ''}${path}`);
        // Describing changes nothing: the request may be repeated.
        const request = {
          url,
          method,
          headers,
          isRepeatable: true,
          signal,
          ...(body !== undefined && { content: body }),
        };
        const response = await http.request(request);
        const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        return {
          response: { statusCode: response.status, headers: Object.fromEntries(flat), body: response.body },
        };
      },
    } as never,
  });
  await client.config.region().catch(throwMissingRegion);
  const readable = (filters: readonly { Name: string; Values: string[] }[]) => ({ Filters: [...filters] });
  const describe = async (input: object): Promise<readonly Image[]> => {
    const { Images = [] } = await client.send(new DescribeImagesCommand(input)).catch(throwEc2Error);
    return Images.map((each) => ({
      id: each.ImageId,
      name: each.Name,
      architecture: each.Architecture,
      createdAt: each.CreationDate === undefined ? undefined : dateFrom(each.CreationDate),
      deprecatedAt: each.DeprecationTime === undefined ? undefined : dateFrom(each.DeprecationTime),
    }));
  };
  return {
    // By filter: with IDs, one image that was removed would fail the whole request.
    images: (ids) => describe({ IncludeDeprecated: true, ...readable([{ Name: 'image-id', Values: [...ids] }]) }),
    available: (owner, architecture) =>
      describe({
        Owners: [owner],
        ...readable([
          { Name: 'name', Values: [`spacelift-*-${architecture}`] },
          { Name: 'state', Values: ['available'] },
        ]),
      }),
    async imagesOfGroup(group) {
      const ids = new Set<string>();
      let next: string | undefined;
      do {
        const filters = [
          { Name: 'tag:aws:autoscaling:groupName', Values: [group] },
          { Name: 'instance-state-name', Values: ['pending', 'running'] },
        ];
        const input = { ...readable(filters), ...(next && { NextToken: next }) };
        const { Reservations = [], NextToken } = await client
          .send(new DescribeInstancesCommand(input))
          .catch(throwEc2Error);
        for (const { ImageId } of Reservations.flatMap(({ Instances = [] }) => Instances))
          if (ImageId) ids.add(ImageId);
        next = NextToken;
      } while (next);
      return [...ids];
    },
    close() {
      client.destroy();
      http.close();
    },
  };
}

const DENIED =
  /^(?:UnauthorizedOperation|AuthFailure|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken|RequestExpired|OptInRequired|.*AccessDenied.*|CredentialsProviderError|TokenProviderError)/;

function throwMissingRegion(cause: unknown): never {
  throw new UserError('SPACECTL_MISSING_INPUT', 'Missing --region', {
    suggestions: ['Pass --region REGION, or set AWS_REGION'],
    cause,
  });
}

/** Throws the error of a request to EC2 as a UserError. */
function throwEc2Error(cause: unknown): never {
  if (cause instanceof UserError) throw cause;
  const { name = '', message = '' } = cause instanceof Error ? cause : {};
  if (DENIED.test(name)) {
    throw new UserError('SPACECTL_NOT_ALLOWED', `EC2 denied the request: ${message}`, {
      suggestions: [
        'aws sts get-caller-identity shows whose credentials are used',
        'Pass --images-file FILE to do without credentials',
      ],
      cause,
    });
  }
  throw new UserError('SPACECTL_UNREACHABLE', `The request to EC2 failed: ${message || name}`, { cause });
}
