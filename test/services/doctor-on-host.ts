import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { Diagnosis } from '../../src/host/index.ts';
import type { BootedHost } from './host.ts';

/** Puts this program on a host, with the Node that it needs. It is started as `spacectl`. */
export async function putProgram(root: string): Promise<void> {
  const at = (file: string) => path.join(root, file);
  await mkdir(at('opt/spacectl'));
  for (const name of ['dist', 'templates', 'package.json']) {
    await cp(name, at(`opt/spacectl/${name}`), { recursive: true });
  }
  await cp(process.execPath, at('usr/local/bin/node'), { dereference: true });
}

/** What depends on the machine that runs the tests: its disk, its processors, its version of control groups. */
const OF_THE_MACHINE = ['disk', 'processors', 'engine'];

/** Runs the doctor on a host. @returns what fails, and what warns unless the test's own machine is the reason */
export async function problemsOn(booted: BootedHost, ...flags: readonly string[]) {
  const program = ['node', '/opt/spacectl/dist/run.cjs', 'host', 'doctor', '--json'] as const;
  const { stdout, all } = await booted.run(...program, ...flags);
  expect(stdout, all).toMatch(/^\{/);
  const { checks } = JSON.parse(stdout) as Diagnosis;
  return checks
    .flatMap(({ id, findings }) => findings.map((finding) => ({ id, ...finding })))
    .filter(({ id, status }) => status === 'bad' || (status === 'warning' && !OF_THE_MACHINE.includes(id)));
}
