import { expect } from 'vitest';
import { FAULT_NEEDS } from '../services/fault-library/fault-library.ts';
import { WRITING_COMMANDS } from '../services/fault-runs/commands.ts';
import { brokenByInterruption, SIGNALS } from '../services/fault-runs/interrupt.ts';
import { runUndisturbed } from '../services/fault-runs/oracle.ts';
import { sample } from '../services/fault-runs/points.ts';
import { folderWithToken } from '../services/pool-folder.ts';
import { ROOT, testWith } from '../services/programs.ts';
import { sliceOf } from '../services/slice.ts';
import { countMoments } from '../services/stop-at.ts';

/** Every moment in the whole table; a few of each command otherwise, other ones each day. */
const SEED = new Date().toISOString().slice(0, 10);
const MOMENTS = process.env['TEST_WHOLE'] ? Number.POSITIVE_INFINITY : 2;

const TABLE = Object.entries(WRITING_COMMANDS).flatMap(([name, command]) =>
  (Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]).map((signal) => ({ name, command, signal })),
);

for (const { name, command, signal } of sliceOf(TABLE, 10)) {
  const needs = name.startsWith('host') ? ([ROOT, 'useradd', 'systemctl'] as const) : [];
  testWith(...FAULT_NEEDS, 'openssl', ...needs)(
    `${name}: ${signal} at any moment leaves nothing half done, and the next run finishes (seed ${SEED})`,
    async () => {
      const pool = await folderWithToken();
      const prepare = () => command(pool);
      const undisturbed = await runUndisturbed(prepare);
      const { args, env } = await prepare();
      const moments = Array.from({ length: await countMoments(args, env) }, (_, index) => index + 1);
      expect(moments.length).toBeGreaterThan(0);
      const chosen = sample(moments, MOMENTS, SEED);
      const broken: unknown[] = [];
      for (const at of chosen) {
        const problems = await brokenByInterruption(signal, at, prepare, undisturbed);
        if (problems.length > 0) broken.push({ at, of: moments.length, problems });
      }
      if (process.env['TEST_WHOLE'])
        console.log(`${name}, ${signal}: ${chosen.length - broken.length} of ${chosen.length} held`);
      expect(broken).toEqual([]);
    },
    30 * 60_000,
  );
}
