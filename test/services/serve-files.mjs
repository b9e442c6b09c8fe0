// Serves a folder over HTTPS on port 443 of 127.0.0.1 and 127.0.0.2, or of the given addresses, by the name that is asked
// for: FOLDER/HOST/PATH. In a network of its own.
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:https';
import path from 'node:path';

const [folder, certificate, key, ...addresses] = process.argv.slice(2);
const answer = (request, response) => {
  const url = new URL(request.url ?? '/', `https://${request.headers.host}`);
  const file = path.join(folder, url.hostname, url.pathname);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end();
  response.writeHead(200);
  return createReadStream(file).pipe(response);
};
const credentials = { cert: readFileSync(certificate), key: readFileSync(key) };
for (const address of addresses.length > 0 ? addresses : ['127.0.0.1', '127.0.0.2'])
  createServer(credentials, answer).listen(443, address);
