import type { createHttpClient } from '../../http/index.ts';

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

/** Makes a request handler for a client of the AWS SDK whose requests change nothing: they may be repeated. */
export function requestHandler(http: ReturnType<typeof createHttpClient>, signal: AbortSignal) {
  return {
    async handle({ protocol, hostname, port, path, method, headers, body }: SdkRequest) {
      const url = new URL(`${protocol}//${hostname}${port ? `:${port}` : ''}${path}`);
      const content = body === undefined ? {} : { content: body };
      const response = await http.request({ url, method, headers, isRepeatable: true, signal, ...content });
      const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
      return {
        response: { statusCode: response.status, headers: Object.fromEntries(flat), body: response.body },
      };
    },
  };
}
