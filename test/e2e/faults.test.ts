import { expect } from 'vitest';
import { FAULT_NEEDS } from '../services/fault-library/fault-library.ts';
import { WRITING_COMMANDS } from '../services/fault-runs/commands.ts';
import { brokenBy, runUndisturbed } from '../services/fault-runs/oracle.ts';
import { faultsOf, sample } from '../services/fault-runs/points.ts';
import { folderWithToken } from '../services/pool-folder.ts';
import { ROOT, testWith } from '../services/programs.ts';

/**
 * A part of the table each day: two commands, a few points of each. `npm run faults` tries all; FAULTS_COMMAND and
 * FAULTS_POINTS take a part of it, and FAULTS_SEED (default: the day) another one.
 */
const { FAULTS_SEED = new Date().toISOString().slice(0, 10), FAULTS_COMMAND = '', FAULTS_POINTS } = process.env;
const isWhole = Boolean(process.env['TEST_WHOLE']);
const points = Number(FAULTS_POINTS ?? (isWhole ? Number.POSITIVE_INFINITY : 5));
const commands = Object.entries(WRITING_COMMANDS).filter(([name]) => name.includes(FAULTS_COMMAND));

for (const [name, command] of isWhole || FAULTS_COMMAND ? commands : sample(commands, 2, FAULTS_SEED)) {
  const needs = name.startsWith('host') ? ([ROOT, 'useradd', 'systemctl'] as const) : [];
  testWith(...FAULT_NEEDS, 'openssl', ...needs)(
    `${name}: whatever call on a file fails, nothing is torn, readable or lost, and the next run repairs (seed ${FAULTS_SEED})`,
    async () => {
      const pool = await folderWithToken();
      const prepare = () => command(pool);
      const undisturbed = await runUndisturbed(prepare);
      const faults = sample(faultsOf(undisturbed.calls), points, FAULTS_SEED);
      const broken: unknown[] = [];
      let met = 0;
      for (const fault of faults) {
        const problems = await brokenBy(fault, prepare, undisturbed);
        if (problems) met++;
        if (problems && problems.length > 0) broken.push({ fault, call: undisturbed.calls[fault.at - 1], problems });
      }
      if (isWhole || FAULTS_COMMAND)
        console.log(`${name}: ${faults.length} points tried, ${met} met, ${met - broken.length} held`);
      expect(broken).toEqual([]);
      expect(met).toBeGreaterThan(0);
    },
    isWhole ? 3 * 60 * 60 * 1000 : 120_000,
  );
}
