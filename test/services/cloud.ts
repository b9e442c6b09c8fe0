import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { quoteForShell } from '../../src/core/text.ts';
import { fillTemplate } from '../../src/render/format/template.ts';
import { createAuthority } from './authority.ts';
import { createNetwork, NETWORK_NEEDS } from './network.ts';
import { writeScript } from './script.ts';
import { temporaryFolder } from './temporary.ts';

export interface Answer {
  readonly header?: string;
  /** Without it, the server accepts the request and never answers. */
  readonly body?: string;
}

/** What leads to the cloud's secret stores. */
const NAMES = [
  'my-vault.vault.azure.net',
  'secretmanager.googleapis.com',
  'secretsmanager.eu-central-1.amazonaws.com',
  'ssm.eu-west-1.amazonaws.com',
];

export const AZURE = 'Metadata: true';
export const GCP = 'Metadata-Flavor: Google';

/** A network in which a cloud answers, and a way to run a rendered script there. */
export async function setUpCloud(answers: Readonly<Record<string, Answer>>) {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const tls = await createAuthority(NAMES);
  const contents = { answers: JSON.stringify(answers), certificate: tls.certificate, key: tls.key, ca: tls.authority };
  for (const [name, text] of Object.entries(contents)) await writeFile(at(name), text);
  const network = await createNetwork(`127.0.0.1 ${NAMES.join(' ')}\n`);
  await network.configure('address add 169.254.169.254/32 dev lo');
  const [ip = '', ...inside] = network.enter;
  const program = path.resolve('test/services/cloud.mjs');
  const files = ['answers', 'certificate', 'key'].map(at);
  const server = spawn(ip, [...inside, process.execPath, program, ...files], { stdio: 'ignore' });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  onTestFinished(async () => {
    server.kill('SIGKILL');
    await ended;
  });
  const listens = ['-c', 'until ss -Hltn | grep -q :443; do sleep 0.1; done'];
  await execa(ip, [...inside, 'sh', ...listens], { timeout: 20_000 });
  const run = async (
    name: string,
    values: Readonly<Record<string, string>>,
    shell: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ) => {
    const { cloud, ...given } = values;
    const conditions = Object.fromEntries(['ec2', 'azure', 'gcp', 'none'].map((each) => [each, each === cloud]));
    await writeScript(at('script'), await fillTemplate(`host/${name}`, given, quoteForShell, conditions), shell);
    const output = { SPACELIFT_METADATA_FILE: at('run/output'), SPACELIFT_SECRETS_FILE: at('run/output') };
    const env = { CURL_CA_BUNDLE: at('ca'), AWS_CA_BUNDLE: at('ca'), HTTPS_PROXY: '', ...output, ...more };
    return execa(ip, [...inside, ...shell, at('script')], { reject: false, env });
  };
  return { run, read: () => readFile(at('run/output'), 'utf8'), at };
}

/** What a cloud tells a machine about itself, by path, if the header is there. */
export const metadata = (pairs: Readonly<Record<string, string>>, header: string) =>
  Object.fromEntries(
    Object.entries(pairs).map(([where, body]) => [`GET 169.254.169.254${where}`, { header, body }] as const),
  );

export const CLOUD_NEEDS = [...NETWORK_NEEDS, 'ss', 'curl', 'jq', 'dash', 'bash', 'busybox'] as const;
