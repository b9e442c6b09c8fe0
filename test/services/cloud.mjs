// A cloud as a host sees it: its metadata service on 169.254.169.254:80, its secret store on 127.0.0.1:443. Answers what
// the file says: "METHOD HOST/PATH" to a header that has to be there, and the body. In a network of its own.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

const [answers, certificate, key] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'));
const known = JSON.parse(answers);

function answer(request, response) {
  const found = known[`${request.method} ${request.headers.host}${request.url}`];
  const [name, value] = found?.header?.split(': ') ?? [];
  if (!found) return response.writeHead(404).end('<html>not found</html>');
  if (name && request.headers[name.toLowerCase()] !== value) return response.writeHead(403).end();
  if (found.body === undefined) return undefined;
  return response.writeHead(200).end(found.body);
}

http.createServer(answer).listen(80, '169.254.169.254');
https.createServer({ cert: certificate, key }, answer).listen(443, '127.0.0.1');
