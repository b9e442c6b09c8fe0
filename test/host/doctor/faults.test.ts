import { expect, test } from 'vitest';
import { problemsOf } from '../../services/diagnosis.ts';
import { healthyHost } from '../../services/recorded-host/index.ts';
import { containerFaults } from './faults/containers.ts';
import { engineFaults } from './faults/engine.ts';
import type { Fault } from './faults/fault.ts';
import { fileFaults } from './faults/files.ts';
import { launcherFaults } from './faults/launcher.ts';
import { machineFaults } from './faults/machine.ts';
import { networkFaults } from './faults/network.ts';
import { secretFaults } from './faults/secrets.ts';
import { serviceFaults } from './faults/service.ts';
import { settingFaults } from './faults/settings.ts';
import { workerFaults } from './faults/worker.ts';

const FAULTS: readonly Fault[] = [
  ...machineFaults,
  ...serviceFaults,
  ...engineFaults,
  ...networkFaults,
  ...secretFaults,
  ...settingFaults,
  ...launcherFaults,
  ...fileFaults,
  ...containerFaults,
  ...workerFaults,
];

test.each(FAULTS.map((fault) => [fault.fault, fault] as const))('seen once, with its cure: %s', async (_, fault) => {
  const host = await healthyHost(fault.on);
  expect(await problemsOf(host)).toEqual([]);
  fault.break(host);
  const problems = await problemsOf(host);
  const { check, about, evidence, isWarning = false } = fault;
  expect(problems).toEqual([
    expect.objectContaining({
      check,
      evidence: expect.stringMatching(evidence),
      status: isWarning ? 'warning' : 'bad',
    }),
  ]);
  const [problem] = problems;
  if (typeof about === 'string') expect(problem?.about).toBe(about);
  else if (about) expect(problem?.about).toMatch(about);
  if (fault.cure instanceof RegExp) expect(problem?.fix).toMatch(fault.cure);
  else expect(problem?.commands).toEqual(fault.cure);
});

test('the table has at least 68 faults, each told apart from the others', () => {
  expect(FAULTS.length).toBeGreaterThanOrEqual(68);
  expect(new Set(FAULTS.map(({ fault }) => fault)).size).toBe(FAULTS.length);
});
