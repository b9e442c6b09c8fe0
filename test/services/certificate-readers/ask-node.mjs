// Asks Node, for each certificate authority in a folder, whether it trusts a server. See questions.ts for the folder.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { connect, createServer } from 'node:tls';

const folder = process.argv[2];
const read = (name) => readFileSync(path.join(folder, name));
const key = read('key.pem');

/** Shakes hands with a server in this process. */
async function handshake(ca, leaf) {
  let server;
  try {
    server = createServer({ key, cert: leaf }, (socket) => socket.end());
  } catch (error) {
    return `no server: ${error.message}`;
  }
  server.on('tlsClientError', () => {});
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const verdict = await new Promise((done) => {
    try {
      const { port } = server.address();
      const socket = connect({ host: '127.0.0.1', port, servername: 'server.test', ca }, () => {
        socket.destroy();
        done('trusted');
      });
      socket.on('error', (error) => done(`${error.code} ${error.message}`));
    } catch (error) {
      done(`no file: ${error.message}`);
    }
  });
  server.close();
  return verdict;
}

console.log(`version\tNode ${process.version}, OpenSSL ${process.versions.openssl}`);
for (const file of readdirSync(folder).sort()) {
  if (!file.endsWith('.bundle.pem')) continue;
  const name = file.slice(0, -'.bundle.pem'.length);
  const verdicts = [name];
  for (const leaf of [`${name}.leaf.pem`, 'other.pem']) {
    verdicts.push((await handshake(read(file), read(leaf))).replaceAll('\n', ' '));
  }
  console.log(verdicts.join('\t'));
}
