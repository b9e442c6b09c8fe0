import { createHash, createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { createAuthority } from './authority.ts';
import { startHttpServer } from './http-server.ts';
import { temporaryFolder } from './temporary.ts';
import { startTunnel } from './tunnel.ts';

const REGION = 'eu-central-1';
const KEY = { id: 'AKIAEXAMPLEEXAMPLE12', secret: 'a/secret+of/the+test' };

/**
 * A bucket in S3, under its real name behind a proxy. It answers only what is signed with the key of the environment
 * returned (AWS Signature Version 4), as S3 does.
 */
export async function startBucket(bucket: string, objects: ReadonlyMap<string, Buffer>) {
  const name = `${bucket}.s3.${REGION}.amazonaws.com`;
  const tls = await createAuthority([name]);
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'ca.pem'), tls.authority);
  const server = await startHttpServer((request, response) => {
    const body = objects.get(decodeURIComponent((request.url ?? '').slice(1)));
    if (request.headers.host !== name || !isSigned(request)) response.writeHead(403).end();
    else if (!body) response.writeHead(404).end();
    else {
      const headers = {
        'content-length': body.length,
        etag: `"${digest(body)}"`,
        'last-modified': new Date(0).toUTCString(),
      };
      response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : body);
    }
  }, tls);
  const { proxy } = await startTunnel(server.host);
  const environment = {
    AWS_ACCESS_KEY_ID: KEY.id,
    AWS_SECRET_ACCESS_KEY: KEY.secret,
    AWS_DEFAULT_REGION: REGION,
    AWS_CA_BUNDLE: path.join(folder, 'ca.pem'),
    AWS_CONFIG_FILE: path.join(folder, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'none'),
    AWS_MAX_ATTEMPTS: '1',
    HTTPS_PROXY: proxy,
    NO_PROXY: '',
  };
  return { environment, requests: server.requests };
}

const digest = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** Whether the signature of a request is the one its key makes (SigV4, "Create a signed request"). */
function isSigned({ method, url = '', headers }: IncomingMessage): boolean {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const [, id, day = '', region = '', names = '', signature] = pattern.exec(headers.authorization ?? '') ?? [];
  if (id !== KEY.id || !names.split(';').includes('host')) return false;
  const [place = '', query = ''] = url.split('?');
  const signed = names.split(';').map((each) => `${each}:${String(headers[each] ?? '').trim()}\n`);
  const content = headers['x-amz-content-sha256'];
  const canonical = [method, place, query.split('&').sort().join('&'), signed.join(''), names, content].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, digest(canonical)].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${KEY.secret}`);
  return hmac(key, text).toString('hex') === signature;
}
