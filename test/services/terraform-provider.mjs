// A Terraform provider that knows schemas and does nothing else: enough for `terraform validate`, without a network.
// Usage: terraform-provider.mjs NAME, as Terraform starts it. The schemas are in test/fixtures/terraform-providers.json,
// read from the real providers' own (aws 6.25, azurerm and google as in CDKTF's packages), cut down to what is rendered.
// Protocol: Terraform plugin protocol 5 (gRPC over HTTP/2), handshake of HashiCorp's go-plugin.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { tmpdir } from 'node:os';
import path from 'node:path';

const provider = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../fixtures/terraform-providers.json'), 'utf8'),
)[process.argv[2]];

// Protocol buffers, as far as they are needed here: strings, bytes and messages; booleans and small numbers.
const varint = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
const bytes = (field, content) => {
  const body = Buffer.from(content);
  return Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(body.length)]), body]);
};
const number = (field, value) => Buffer.from([...varint(field << 3), ...varint(Number(value))]);

function attribute(name, [type, mode, writeOnly]) {
  return Buffer.concat([
    bytes(1, name),
    bytes(2, JSON.stringify(type)),
    number(4, mode === 'required'),
    number(5, mode === 'optional'),
    number(6, mode !== 'required' && !writeOnly),
    ...(writeOnly ? [number(10, true)] : []),
  ]);
}

function block({ attributes, blocks = {} }) {
  const nested = Object.entries(blocks).map(([name, inner]) =>
    Buffer.concat([
      bytes(1, name),
      bytes(2, block(inner)),
      number(3, 2),
      number(4, inner.required),
      ...(inner.many ? [] : [number(5, 1)]),
    ]),
  );
  return Buffer.concat([
    ...Object.entries(attributes).map(([name, each]) => bytes(2, attribute(name, each))),
    ...nested.map((each) => bytes(3, each)),
  ]);
}

const schema = (described) => bytes(2, block(described));
const schemas = (field, described = {}) =>
  Object.entries(described).map(([name, each]) =>
    bytes(field, Buffer.concat([bytes(1, name), bytes(2, schema(each))])),
  );

const ANSWERS = {
  GetSchema: () =>
    Buffer.concat([
      bytes(1, schema(provider.provider)),
      ...schemas(2, provider.resources),
      ...schemas(3, provider.data),
      ...schemas(8, provider.ephemeral),
    ]),
  // The configuration, as it came: field 1 of both messages.
  PrepareProviderConfig: (request) => request,
  ValidateResourceTypeConfig: () => Buffer.alloc(0),
  ValidateDataSourceConfig: () => Buffer.alloc(0),
  ValidateEphemeralResourceConfig: () => Buffer.alloc(0),
  Stop: () => Buffer.alloc(0),
};

function selfSigned() {
  const folder = mkdtempSync(path.join(tmpdir(), 'terraform-provider-'));
  const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', [...request, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const pair = { key: readFileSync(key), cert: readFileSync(certificate) };
  rmSync(folder, { recursive: true });
  return pair;
}

const tls = selfSigned();
const server = createSecureServer(tls);
server.on('stream', (stream, headers) => {
  const [, service, method] = headers[':path'].split('/');
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  stream.on('error', () => {});
  stream.on('end', () => {
    if (service === 'plugin.GRPCController') process.exit(0);
    const answer = service === 'tfplugin5.Provider' ? ANSWERS[method] : undefined;
    // 12: unimplemented.
    const status = { 'grpc-status': answer ? '0' : '12' };
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers(status));
    if (!answer) return stream.end();
    const message = answer(Buffer.concat(chunks).subarray(5));
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([prefix, message]));
  });
});
server.listen(0, '127.0.0.1', () => {
  const der = tls.cert
    .toString()
    .replace(/-----[A-Z ]+-----|\s/g, '')
    .replace(/=+$/, '');
  process.stdout.write(`1|5|tcp|127.0.0.1:${server.address().port}|grpc|${der}\n`);
});
