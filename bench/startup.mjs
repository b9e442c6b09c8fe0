// Whole-process start-up against `node -e 0` in the same run, and peak memory.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { medians, peakMemory, printTable } from './measure.mjs';

const program = fileURLToPath(new URL('../dist/run.cjs', import.meta.url));
const TARGETS = { '--version': 1.3, '--help': 2, 'keypair encode': 2 };
const LARGEST_PEAK = 75;

export function run() {
  const folder = mkdtempSync(path.join(tmpdir(), 'spacectl-bench-'));
  const file = path.join(folder, 'file');
  writeFileSync(file, 'x'.repeat(3272));
  const lines = {
    '--version': [process.execPath, program, '--version'],
    '--help': [process.execPath, program, '--help'],
    'keypair encode': [process.execPath, program, 'keypair', 'encode', file],
  };
  const times = medians({ yardstick: [process.execPath, '-e', '0'], ...lines }, { runs: 30 });
  printTable(
    `Start-up, median of 30, against node -e 0 (${times.yardstick.toFixed(1)} ms)`,
    Object.entries(TARGETS).map(([name, target]) => {
      const ratio = times[name] / times.yardstick;
      const figure = `${times[name].toFixed(1)} ms = ${ratio.toFixed(2)} x`;
      return { name, figure, target: `<= ${target} x`, isWithin: ratio <= target };
    }),
  );
  printTable(
    'Peak memory',
    Object.entries(lines).map(([name, line]) => {
      const peak = peakMemory(line);
      return { name, figure: `${peak.toFixed(1)} MB`, target: `<= ${LARGEST_PEAK} MB`, isWithin: peak <= LARGEST_PEAK };
    }),
  );
  rmSync(folder, { recursive: true });
}
