// A stand-in Terraform provider: knows schemas, and keeps what it is given. Enough, without a network and without any
// package, for `terraform validate`, `plan`, `apply`, a second `plan` that finds no changes, `import` and `destroy`.
// Usage: main.mjs NAME, as Terraform starts it. The schemas are those of test/fixtures/terraform-providers.json
// (PROVIDER_SCHEMAS names another file), read from the real providers' own (aws 6.25, azurerm and google as in CDKTF's
// packages), cut down to what is used; `default_tags` is from its documentation, and the tags of a launch template are from
// its schema (hashicorp/terraform-provider-aws, internal/service/ec2/ec2_launch_template.go@c49358f).
// Protocol: Terraform plugin protocol 5 (hashicorp/terraform, docs/plugin-protocol/tfplugin5.proto; gRPC over HTTP/2),
// handshake of hashicorp/go-plugin.
// In the environment of terraform:
//   PROVIDER_LOG=FILE   one line of JSON for each change: {"action":"create","type":…,"id":…,"values":…,"writeOnly":…}
//   PROVIDER_FAIL=TYPE  changes of this type of resource fail, as a cloud's API would refuse them
//   PROVIDER_RULES=ecs  changes that ECS refuses fail, by ecs-rules.mjs; without it, all of them succeed
//   PROVIDER_GONE=TYPE  resources of this type are gone when they are read, as if deleted by hand
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { answersOf } from './answers.mjs';

const SCHEMAS =
  process.env.PROVIDER_SCHEMAS ?? path.join(import.meta.dirname, '../../fixtures/terraform-providers.json');
const answers = answersOf(JSON.parse(readFileSync(SCHEMAS, 'utf8'))[process.argv[2]]);

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

async function answer(stream, headers, request) {
  const [, service, method] = headers[':path'].split('/');
  if (service === 'plugin.GRPCController') process.exit(0);
  const reply = service === 'tfplugin5.Provider' ? answers[method] : undefined;
  // 12: unimplemented.
  const status = { 'grpc-status': reply ? '0' : '12' };
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(status));
  if (!reply) return stream.end();
  // A gRPC message: a flag (not compressed) and its length stand before it.
  const message = await reply(request.subarray(5));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return stream.end(Buffer.concat([prefix, message]));
}

const tls = selfSigned();
const server = createSecureServer(tls);
server.on('stream', (stream, headers) => {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  stream.on('error', () => {});
  stream.on('end', () => answer(stream, headers, Buffer.concat(chunks)));
});
server.listen(0, '127.0.0.1', () => {
  const der = tls.cert.toString().replace(/-----[A-Z ]+-----|\s/g, '');
  process.stdout.write(`1|5|tcp|127.0.0.1:${server.address().port}|grpc|${der.replace(/=+$/, '')}\n`);
});
