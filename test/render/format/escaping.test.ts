// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what means something to some reader is what is tested
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ansible } from '../../../src/render/ansible/step.ts';
import { renderBootScript } from '../../../src/render/cloud/boot-script.ts';
import { docker } from '../../../src/render/docker/step.ts';
import { ecs } from '../../../src/render/ecs/step.ts';
import { containerDefinitions } from '../../../src/render/ecs/task-definition.ts';
import { block, expression, formatHcl, type Value } from '../../../src/render/format/hcl/hcl.ts';
import { testWith } from '../../services/programs.ts';
import { planPool, renderStep } from '../../services/render.ts';
import { temporaryFolder } from '../../services/temporary.ts';
import { evaluateLocals } from '../../services/terraform.ts';

/** Pieces that mean something to HCL, YAML, JSON, Compose, Jinja, shells or systemd, in any order. */
const PIECES = [
  ...[
    '"',
    "'",
    '\\',
    '$',
    '${',
    '${HOME}',
    '$HOME',
    '$(id)',
    '`id`',
    '%',
    '%{',
    '%%{',
    '}',
    '{{',
    '{{ 7*7 }}',
    '{%',
    '{#',
  ],
  ...[
    '\n',
    '\r',
    '\t',
    ' ',
    '# ',
    ' #',
    ': ',
    '- ',
    '&a',
    '*a',
    '!!x',
    '|',
    '>',
    '---\n',
    '...',
    '<<EOT\n',
    'EOT\n',
    '\nEOT',
  ],
  ...[
    ';',
    '&&',
    '(',
    ')',
    '~',
    '=',
    ',',
    '?',
    '@',
    '[',
    ']',
    'null',
    'yes',
    '0x1',
    '\u0001',
    '\u007f',
    '\u2028',
    '\u2029',
    '\uffff',
    '\ufeff',
    'é',
    '😀',
    'a',
  ],
];
const value = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 10 }).map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme' }),
);
/** No program takes NUL in an argument or a variable. */
const VALUES = fc.sample(value, { numRuns: 400, seed: 7 }).map((text) => text.replaceAll('\0', ''));
const NAMED = Object.fromEntries(VALUES.map((text, index) => [`V${index}`, text]));
/** Names that are something else to some reader. */
const ODD_NAMES = ['yes', 'on', 'y', 'null', 'No', '_'];
const settings: Record<string, string> = { ...NAMED, ...Object.fromEntries(ODD_NAMES.map((name) => [name, name])) };
const given = Object.entries(settings).flatMap(([name, text]) => ['--env', `${name}=${text}`]);
/** Nothing but these values is in the environment. */
const flags = ['--worker-comms', 'unset', ...given];

/** Compose specification, "Interpolation": `$$` is a dollar sign, `$NAME` and `${…}` are what must not be there. */
function interpolate(text: string): string {
  return text.replace(/\$(\$|.|$)/gs, (found, next) => (next === '$' ? '$' : expect.fail(`${found} is interpolated`)));
}

test('Compose is given every value as it was meant', async () => {
  const { 'docker/compose.yaml': text = '' } = await renderStep(docker, planPool(), flags);
  for (const version of ['1.1', '1.2'] as const) {
    const { environment } = parse(text, { version }).services.launcher;
    const read = Object.entries<string>(environment).map(([name, each]) => [name, interpolate(each)]);
    expect(Object.fromEntries(read)).toEqual(settings);
  }
});

testWith('docker-compose', 'python3')('Compose itself reads every value as it was meant', async () => {
  const folder = await temporaryFolder();
  const { 'docker/compose.yaml': text = '' } = await renderStep(docker, planPool(), flags);
  await writeFile(path.join(folder, 'compose.yaml'), text);
  await writeFile(path.join(folder, 'secrets.env'), '');
  const { stdout } = await execa('docker-compose', ['--file', 'compose.yaml', 'config'], { cwd: folder });
  // It prints YAML as its own library reads it.
  const toJson = ['-c', 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)'];
  const printed = await execa('python3', toJson, { input: stdout });
  const read = Object.entries<string>(JSON.parse(printed.stdout).services.launcher.environment);
  // What it prints could be read again: there a dollar sign is doubled once more.
  expect(Object.fromEntries(read.map(([name, each]) => [name, each.replaceAll('$$', '$')]))).toEqual(settings);
});

test.each(['dash', 'bash', 'busybox'])('%s hands every value to docker run as one argument', async (shell) => {
  const folder = await temporaryFolder();
  const { 'docker/run.sh': script = '' } = await renderStep(docker, planPool(), flags);
  await writeFile(path.join(folder, 'run.sh'), script);
  // Docker's place is taken by a program that prints its arguments.
  await writeFile(path.join(folder, 'docker'), '#!/bin/sh\nprintf "%s\\0" "$@"\n', { mode: 0o755 });
  const args = [...(shell === 'busybox' ? ['sh'] : []), 'run.sh'];
  const env = { PATH: `${folder}:${process.env['PATH']}` };
  const { stdout } = await execa(shell, args, { cwd: folder, env, stripFinalNewline: false });
  const words = stdout.split('\0');
  const given = words.filter((_, index) => words[index - 1] === '--env');
  expect(given).toEqual(Object.entries(settings).map(([name, text]) => `${name}=${text}`));
});

test.each(['dash', 'bash', 'busybox'])('%s exports every value of a boot script as it was meant', async (shell) => {
  const folder = await temporaryFolder();
  const script = await renderBootScript({ cloud: 'aws', settings: NAMED, secrets: 'none', stop: 'exit 1' });
  const print = Object.keys(NAMED).map((name) => `printf '%s\\0' "$${name}"\n`);
  await writeFile(path.join(folder, 'boot.sh'), `set -e\n${script}\n${print.join('')}`);
  const args = [...(shell === 'busybox' ? ['sh'] : []), 'boot.sh'];
  const { stdout } = await execa(shell, args, { cwd: folder, stripFinalNewline: false });
  expect(stdout.split('\0').slice(0, -1)).toEqual(VALUES);
});

test('ECS is given every value as it was meant, as JSON', async () => {
  const { 'ecs/task-definition.json': text = '' } = await renderStep(ecs, planPool(), flags);
  const read = JSON.parse(text).containerDefinitions[0].environment as { name: string; value: string }[];
  expect(Object.fromEntries(read.map((each) => [each.name, each.value]))).toEqual(settings);
});

testWith('terraform')('ECS is given every value as it was meant through Terraform', async () => {
  const references = { tokenSecret: 't', keySecret: 'k', executionRole: 'r', logGroup: 'l', region: 'x' };
  const task = { family: 'f', arch: 'x86_64', launchType: 'EC2', settings, stopTimeout: 60, ...references } as const;
  const all = { read: expression`jsondecode(jsonencode(${containerDefinitions<Value>(task) as unknown as Value}))` };
  const { read } = await evaluateLocals(formatHcl([block('locals', [], { all })]));
  const [{ environment }] = read as [{ environment: { name: string; value: string }[] }];
  // Terraform's strings are in Unicode's composed form (cty), whatever was written.
  const composed = Object.entries(settings).map(([name, text]) => [name, text.normalize('NFC')]);
  expect(Object.fromEntries(environment.map((each) => [each.name, each.value]))).toEqual(Object.fromEntries(composed));
});

/** Hosts' names are letters, digits, dots, dashes and underscores: to YAML, many of those are no text. */
const hostName = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,8}[A-Za-z0-9])?$/);
const ODD_HOSTS = [
  'yes',
  'on',
  'null',
  'True',
  '2024-01-01',
  '1_000',
  '0x10',
  '1e3',
  '010',
  '1.5',
  '192.168.1.1',
  '0b1',
];

testWith('ansible-inventory')('Ansible knows every host by the name it was given', async () => {
  const folder = await temporaryFolder();
  const hosts = [...new Set([...ODD_HOSTS, ...fc.sample(hostName, { numRuns: 300, seed: 3 })])];
  const host = hosts.flatMap((name) => ['--host', name]);
  const texts = await renderStep(ansible, planPool(), host);
  await mkdir(path.join(folder, 'ansible'));
  await writeFile(path.join(folder, 'ansible/inventory.yml'), texts['ansible/inventory.yml'] ?? '');
  const run = await execa('ansible-inventory', ['-i', 'ansible/inventory.yml', '--list'], {
    cwd: folder,
    env: { ANSIBLE_NOCOLOR: '1', LC_ALL: 'C.UTF-8', ANSIBLE_LOCAL_TEMP: folder },
  });
  expect(JSON.parse(run.stdout).spacelift_workers.hosts.sort()).toEqual([...hosts].sort());
});
