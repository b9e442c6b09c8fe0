// Whole-process start-up against `node -e 0` in the same run, and peak memory. Without NODE_EXTRA_CA_CERTS, which Node
// reads at each start: it would make the yardstick longer.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLOCK, medianRatios, peakMemory, printTable } from './measure.mjs';

const program = fileURLToPath(new URL('../dist/run.cjs', import.meta.url));
const TARGETS = { '--version': 1.3, '--help': 1.7, 'init --help': 1.9, 'keypair encode': 3 };
const LARGEST_PEAK = 75;

export function run() {
  const folder = mkdtempSync(path.join(tmpdir(), 'spacectl-bench-'));
  const file = path.join(folder, 'file');
  writeFileSync(file, 'x'.repeat(3272));
  const lines = {
    '--version': [process.execPath, program, '--version'],
    '--help': [process.execPath, program, '--help'],
    'init --help': [process.execPath, program, 'init', '--help'],
    'keypair encode': [process.execPath, program, 'keypair', 'encode', file],
  };
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const { yardstick, ratios } = medianRatios([process.execPath, '-e', '0'], lines, { runs: 30, options: { env } });
  printTable(
    `Start-up by ${CLOCK}, median of 30 ratios to node -e 0 (${yardstick.toFixed(1)} ms)`,
    Object.entries(TARGETS).map(([name, target]) => {
      const ratio = ratios[name];
      return { name, figure: `${ratio.toFixed(2)} x`, target: `<= ${target.toFixed(1)} x`, isWithin: ratio <= target };
    }),
  );
  printTable(
    'Peak memory',
    Object.entries(lines).map(([name, line]) => {
      const peak = peakMemory(line, { env });
      return { name, figure: `${peak.toFixed(1)} MB`, target: `<= ${LARGEST_PEAK} MB`, isWithin: peak <= LARGEST_PEAK };
    }),
  );
  rmSync(folder, { recursive: true });
}
