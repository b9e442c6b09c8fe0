import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** An image as EC2 has it. */
export interface Ec2Image {
  readonly id: string;
  readonly name: string;
  readonly architecture: string;
  readonly owner: string;
  readonly createdAt: Date;
  readonly deprecatedAt: Date;
}

/** A stand-in for EC2 on loopback. It refuses every request that EC2 would not take. */
export interface Ec2Server {
  readonly url: string;
  /** The actions it was asked for, in order. */
  readonly actions: readonly string[];
}

const PARAMETERS: Readonly<Record<string, RegExp>> = {
  DescribeImages: /^(?:Action|Version|IncludeDeprecated|Owner\.\d+|Filter\.\d+\.(?:Name|Value\.\d+))$/,
  DescribeInstances: /^(?:Action|Version|NextToken|Filter\.\d+\.(?:Name|Value\.\d+))$/,
};

/**
 * Serves DescribeImages and DescribeInstances (EC2 API Reference, Query requests, version 2016-11-15).
 * @param group the auto-scaling group, and the images that its instances run
 */
export async function startEc2(
  images: readonly Ec2Image[],
  group: { name: string; runs: readonly string[] },
): Promise<Ec2Server> {
  const actions: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const query = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
      const { status, body } = answer(request.headers.authorization, query);
      response.writeHead(status, { 'content-type': 'text/xml;charset=UTF-8' }).end(body);
    });
  });
  function answer(authorization: string | undefined, query: URLSearchParams): { status: number; body: string } {
    const action = query.get('Action') ?? '';
    actions.push(action);
    if (!authorization?.startsWith('AWS4-HMAC-SHA256 Credential=AKIATESTTESTTESTTEST/'))
      return refuse(401, 'AuthFailure');
    if (query.get('Version') !== '2016-11-15' || !PARAMETERS[action]) return refuse(400, 'InvalidAction');
    const unknown = [...query.keys()].find((key) => !PARAMETERS[action]?.test(key));
    if (unknown) return refuse(400, 'UnknownParameter', unknown);
    const filters = filtersOf(query);
    if (action === 'DescribeInstances') return describeInstances(filters);
    const now = new Date();
    const found = images.filter(
      ({ id, name, owner, deprecatedAt }) =>
        (query.get('IncludeDeprecated') === 'true' || deprecatedAt > now) &&
        (!query.has('Owner.1') || query.get('Owner.1') === owner) &&
        matches(filters, 'image-id', id) &&
        matches(filters, 'name', name),
    );
    const items = found.map(
      ({ id, name, architecture, createdAt, deprecatedAt }) =>
        `<item><imageId>${id}</imageId><name>${name}</name><architecture>${architecture}</architecture><creationDate>${createdAt.toISOString()}</creationDate><deprecationTime>${deprecatedAt.toISOString()}</deprecationTime></item>`,
    );
    return reply('DescribeImages', `<imagesSet>${items.join('')}</imagesSet>`);
  }
  /** One instance a page. */
  function describeInstances(filters: ReadonlyMap<string, readonly string[]>) {
    const wanted = filters.get('tag:aws:autoscaling:groupName')?.includes(group.name) ?? false;
    const items = (wanted ? group.runs : []).map(
      (id) => `<item><instancesSet><item><imageId>${id}</imageId></item></instancesSet></item>`,
    );
    return reply('DescribeInstances', `<reservationSet>${items.join('')}</reservationSet>`);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, actions };
}

function filtersOf(query: URLSearchParams): ReadonlyMap<string, readonly string[]> {
  const filters = new Map<string, readonly string[]>();
  for (let index = 1; query.has(`Filter.${index}.Name`); index++) {
    const values = [...query].filter(([key]) => key.startsWith(`Filter.${index}.Value.`)).map(([, value]) => value);
    filters.set(query.get(`Filter.${index}.Name`) ?? '', values);
  }
  return filters;
}

function matches(filters: ReadonlyMap<string, readonly string[]>, name: string, value: string): boolean {
  const patterns = filters.get(name);
  return !patterns || patterns.some((each) => new RegExp(`^${each.replaceAll('*', '.*')}$`).test(value));
}

function reply(action: string, body: string) {
  const xml = `<?xml version="1.0" encoding="UTF-8"?><${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>${body}</${action}Response>`;
  return { status: 200, body: xml };
}

function refuse(status: number, code: string, message = code) {
  return {
    status,
    body: `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>1</RequestID></Response>`,
  };
}
