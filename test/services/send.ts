import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';

/** Sends a request to a service of a test, and fails if it is not content. */
export function send(
  method: string,
  url: string,
  options: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly content?: Buffer;
    readonly credentials?: { readonly username: string; readonly password: string } | undefined;
    readonly certificateAuthority?: string | undefined;
    readonly clientCertificate?: { readonly certificate: string; readonly key: string } | undefined;
  } = {},
): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }> {
  const { headers, content, credentials, certificateAuthority: ca, clientCertificate } = options;
  const auth = credentials && `${credentials.username}:${credentials.password}`;
  const own = { ...headers, 'content-length': String(content?.length ?? 0) };
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? https : http).request(url, {
      method,
      auth,
      ca,
      ...(clientCertificate && { cert: clientCertificate.certificate, key: clientCertificate.key }),
      headers: own,
      agent: false,
    });
    request.once('error', reject);
    request.once('response', async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString('utf8');
      const status = response.statusCode ?? 0;
      if (status >= 400) reject(new Error(`${method} ${url}: ${status} ${text}`));
      else resolve({ status, headers: response.headers, text });
    });
    request.end(content);
  });
}
