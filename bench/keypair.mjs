// Making a key pair and request, whole process, against `openssl req -newkey` in the same run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { medians, printTable } from './measure.mjs';

const program = fileURLToPath(new URL('../dist/run.cjs', import.meta.url));
const TARGET = 1.15;

export function run() {
  const folder = mkdtempSync(path.join(tmpdir(), 'spacectl-bench-'));
  const [own, theirs] = [path.join(folder, 'own'), path.join(folder, 'theirs')];
  const subject = ['-subj', '/CN=workers.spacelift.io'];
  const files = ['-keyout', `${theirs}.key`, '-out', `${theirs}.csr`];
  const times = medians(
    {
      openssl: ['openssl', 'req', '-new', '-newkey', 'rsa:4096', '-nodes', ...files, ...subject],
      spacectl: [process.execPath, program, 'keypair', 'generate', '--quiet', '--dir', own],
    },
    { runs: 20, before: { spacectl: () => rmSync(own, { recursive: true, force: true }) } },
  );
  const ratio = times.spacectl / times.openssl;
  const figure = `${times.spacectl.toFixed(0)} ms = ${ratio.toFixed(2)} x`;
  printTable(`Key pair of 4096 bits, median of 20, against openssl req -newkey (${times.openssl.toFixed(0)} ms)`, [
    { name: 'keypair generate', figure, target: `<= ${TARGET} x`, isWithin: ratio <= TARGET },
  ]);
  rmSync(folder, { recursive: true });
}
