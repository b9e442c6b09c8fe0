import { UserError } from '../core/errors.ts';
import { createHttpClient } from '../http/index.ts';
import type { Image } from './life.ts';

/** What EC2 is asked for. */
export interface Ec2 {
  /** Images by id, deprecated ones too; those that are gone are not among them. */
  images(ids: readonly string[]): Promise<readonly Image[]>;
  /** The vendor's images that can be started, of one architecture. */
  offered(owner: string, architecture: string): Promise<readonly Image[]>;
  /** The ids of the images that the instances of an auto-scaling group run. */
  imagesOfGroup(group: string): Promise<readonly string[]>;
  close(): void;
}

/** A request as the AWS SDK hands it to what sends it. */
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
 * Speaks to EC2 with the credentials that the AWS command line would take. Requests go out through our own HTTP client:
 * proxies, private authorities, time-outs and retries are those of every other request.
 */
export async function connectToEc2(options: {
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly signal: AbortSignal;
}): Promise<Ec2> {
  // Which versions of Node are fit is said by our own package.json.
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
        // Describing changes nothing: it may be asked twice.
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
  await client.config.region().catch(refuseWithoutRegion);
  const readable = (filters: readonly { Name: string; Values: string[] }[]) => ({ Filters: [...filters] });
  const describe = async (input: object): Promise<readonly Image[]> => {
    const { Images = [] } = await client.send(new DescribeImagesCommand(input)).catch(refuse);
    return Images.map((each) => ({
      id: each.ImageId,
      name: each.Name,
      architecture: each.Architecture,
      createdAt: each.CreationDate === undefined ? undefined : new Date(each.CreationDate),
      deprecatedAt: each.DeprecationTime === undefined ? undefined : new Date(each.DeprecationTime),
    }));
  };
  return {
    // By filter: asked for by id, one image that is gone fails the whole request.
    images: (ids) => describe({ IncludeDeprecated: true, ...readable([{ Name: 'image-id', Values: [...ids] }]) }),
    offered: (owner, architecture) =>
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
        const { Reservations = [], NextToken } = await client.send(new DescribeInstancesCommand(input)).catch(refuse);
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

function refuseWithoutRegion(cause: unknown): never {
  throw new UserError('SPACECTL_MISSING_INPUT', 'Missing --region', {
    suggestions: ['Pass --region, or set AWS_REGION'],
    cause,
  });
}

/** Says in the user's terms why EC2 did not answer. */
function refuse(cause: unknown): never {
  if (cause instanceof UserError) throw cause;
  const { name = '', message = '' } = cause instanceof Error ? cause : {};
  if (DENIED.test(name)) {
    throw new UserError('SPACECTL_NOT_ALLOWED', `EC2 refused: ${message}`, {
      suggestions: ['aws sts get-caller-identity shows whose credentials are taken', 'Without any: --images-file FILE'],
      cause,
    });
  }
  throw new UserError('SPACECTL_UNREACHABLE', `EC2 did not answer as it should: ${message || name}`, { cause });
}
