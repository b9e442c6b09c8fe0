// Extending a bundle by many certificates, whole process, over the same with a single one; and whether the cost is linear.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'rolldown';
import { medians, printTable } from './measure.mjs';

const program = fileURLToPath(new URL('../dist/run.cjs', import.meta.url));
const SIZES = [1250, 2500, 5000, 10_000];
/** Milliseconds over the base for the largest, and how much dearer each certificate may get while they grow eightfold. */
const [TARGET, STEEPEST] = [2000, 1.25];

export async function run() {
  const folder = mkdtempSync(path.join(tmpdir(), 'spacectl-bench-'));
  const certificates = await makeCertificates(folder, SIZES.at(-1));
  const commands = {};
  for (const size of [1, ...SIZES]) {
    const file = path.join(folder, `${size}.pem`);
    writeFileSync(file, certificates.slice(0, size).join(''));
    const output = path.join(folder, `${size}.crt`);
    commands[size] = [
      process.execPath,
      program,
      'ca-bundle',
      'build',
      '--offline',
      '--quiet',
      '--ca',
      file,
      '--output',
      output,
    ];
  }
  const times = medians(commands, { runs: 5 });
  const over = (size) => times[size] - times[1];
  const steepness = over(SIZES.at(-1)) / over(SIZES[0]) / (SIZES.at(-1) / SIZES[0]);
  printTable(
    `Custom certificates (RSA and EC, half each), median of 5, over a bundle with one (${times[1].toFixed(0)} ms)`,
    [
      ...SIZES.map((size, index) => ({
        name: `${size.toLocaleString('en')} certificates (${2 ** index}x)`,
        figure: `${over(size).toFixed(0)} ms = ${((over(size) / size) * 1000).toFixed(0)} us each`,
        target: size === SIZES.at(-1) ? `<= ${TARGET} ms` : '',
        isWithin: over(size) <= TARGET,
      })),
      {
        name: 'one of 8x against one of 1x',
        figure: `${steepness.toFixed(2)} x`,
        target: `<= ${STEEPEST} x`,
        isWithin: steepness <= STEEPEST,
      },
    ],
  );
  rmSync(folder, { recursive: true });
}

/** Self-signed authorities, each with a name of its own, made as the tests make theirs. */
async function makeCertificates(folder, count) {
  const outfile = path.join(folder, 'certificate.mjs');
  const source = fileURLToPath(new URL('../test/services/certificate.ts', import.meta.url));
  await build({ input: source, platform: 'node', output: { file: outfile, format: 'esm', codeSplitting: false } });
  const { makeCertificate } = await import(pathToFileURL(outfile));
  // RSA keys take long to make: a few have to do.
  const rsa = Array.from({ length: 4 }, () => generateKeyPairSync('rsa', { modulusLength: 2048 }));
  return Array.from({ length: count }, (_, index) => {
    const keys = index % 2 === 0 ? rsa[(index / 2) % rsa.length] : undefined;
    return makeCertificate({ subject: { O: 'Bench', CN: `Authority ${index}` }, ...(keys && { keys }) }).pem;
  });
}
