// Size of the package as installed from its tarball, with all production dependencies.
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { printTable } from './measure.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const LARGEST = 12;

export function run() {
  const folder = mkdtempSync(path.join(tmpdir(), 'spacectl-bench-'));
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, stdio: 'ignore' });
  const tarball = path.join(folder, readdirSync(folder)[0]);
  execFileSync('npm', ['install', '--prefix', path.join(folder, 'installed'), tarball], { stdio: 'ignore' });
  const installed = bytesIn(path.join(folder, 'installed/node_modules')) / 1e6;
  printTable('Package', [
    { name: 'tarball', figure: `${(statSync(tarball).size / 1e6).toFixed(2)} MB`, target: '', isWithin: true },
    {
      name: 'installed',
      figure: `${installed.toFixed(2)} MB`,
      target: `<= ${LARGEST} MB`,
      isWithin: installed <= LARGEST,
    },
  ]);
  rmSync(folder, { recursive: true });
}

function bytesIn(folder) {
  let total = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) total += lstatSync(path.join(entry.parentPath, entry.name)).size;
  }
  return total;
}
