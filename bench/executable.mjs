// Start-up of the executable and of the package on the same Node, against that Node's `-e 0` in the same run; and sizes.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildExecutable, findNodeLts } from '../build/executable/executable.mjs';
import { CLOCK, medianRatios, printTable } from './measure.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const RUNS = Number(process.env.SPACECTL_BENCH_RUNS ?? 21);
const TARGETS = { '--help': 1.4 };

export async function run() {
  const folder = mkdtempSync(path.join(tmpdir(), 'spacectl-bench-'));
  const executable = path.join(folder, 'spacectl');
  await buildExecutable(root, executable);
  const node = path.join(findNodeLts(root), 'node');
  const file = path.join(folder, 'file');
  writeFileSync(file, 'x'.repeat(3272));
  const program = path.join(root, 'dist/run.cjs');
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  for (const [form, start] of Object.entries({ executable: [executable], package: [node, program] })) {
    const lines = [['--version'], ['--help'], ['init', '--help'], ['keypair', 'encode', file]];
    const commands = Object.fromEntries(lines.map((args) => [args.slice(0, 2).join(' '), [...start, ...args]]));
    const { yardstick, ratios } = medianRatios([node, '-e', '0'], commands, { runs: RUNS, options: { env } });
    printTable(
      `Start-up of the ${form} by ${CLOCK}, median of ${RUNS} ratios to node -e 0 of Node LTS (${yardstick.toFixed(1)} ms)`,
      Object.entries(ratios).map(([name, ratio]) => {
        const target = form === 'executable' ? TARGETS[name] : undefined;
        return {
          name,
          figure: `${ratio.toFixed(2)} x`,
          target: target ? `<= ${target} x` : '',
          isWithin: ratio <= (target ?? Number.POSITIVE_INFINITY),
        };
      }),
    );
  }
  const size = statSync(executable).size / 1e6;
  printTable('Executable', [{ name: 'size', figure: `${size.toFixed(1)} MB`, target: '', isWithin: true }]);
  rmSync(folder, { recursive: true });
}
