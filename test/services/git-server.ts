import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHttpServer } from './http-server.ts';

/**
 * Serves the repositories in a directory as GitLab does, over HTTP with a password: Git's own server does the work
 * (git-http-backend(1)). Returns its URL.
 */
export async function startGitServer(
  folder: string,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<string> {
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const { url } = await startHttpServer((request, response) => {
    if (request.headers.authorization === expected) return answer(folder, username, request, response);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
  });
  return url;
}

/** Answers a request by CGI (RFC 3875). */
function answer(folder: string, user: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      REMOTE_USER: user,
      CONTENT_TYPE: request.headers['content-type'],
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      GIT_PROTOCOL: [request.headers['git-protocol']].flat()[0],
    },
  });
  request.pipe(backend.stdin);
  const output: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  backend.on('close', () => {
    const all = Buffer.concat(output);
    const end = all.indexOf('\r\n\r\n');
    const lines = all.subarray(0, end).toString('latin1').split('\r\n');
    const headers = lines.map((line) => line.split(': ', 2) as [string, string]);
    const [, status = '200'] = headers.find(([name]) => name === 'Status') ?? [];
    response.writeHead(Number.parseInt(status, 10), headers.flat()).end(all.subarray(end + 4));
  });
}
