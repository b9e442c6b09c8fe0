/** How this program came to this machine, as far as files on it prove. */

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';
import { packageRoot } from './package-files.ts';

/** Ways of installing it, in words for people. */
export const INSTALLATIONS = {
  executable: 'single-file executable',
  'container-image': 'container image',
  source: 'source checkout',
  'npm-global': 'npm, globally',
  'npm-local': 'npm, in a project',
  npx: 'npx',
  package: 'package that npm did not install',
} as const;

/** How this program was installed, and where. */
export interface Installation {
  readonly kind: keyof typeof INSTALLATIONS;
  /** The executable, or the directory of the package. */
  readonly path: string;
}

/** Finds out how this program was installed. */
export function findInstallation(): Installation {
  if (isSea()) return executableAt(process.execPath);
  const root = path.resolve(fileURLToPath(packageRoot()));
  return { kind: kindOfPackage(root), path: root };
}

function executableAt(file: string): Installation {
  // The recipe of the image copies itself there.
  const recipe = path.join(path.dirname(path.dirname(file)), 'share/spacectl/Containerfile');
  return { kind: existsSync(recipe) ? 'container-image' : 'executable', path: file };
}

function kindOfPackage(root: string): Installation['kind'] {
  // Not in the package: see "files" in package.json.
  if (existsSync(path.join(root, 'build.mjs'))) return 'source';
  const modules = path.dirname(root);
  // npm keeps this record of a project, not of what is installed globally (docs.npmjs.com, package-lock.json: hidden lockfiles).
  if (existsSync(path.join(modules, '.package-lock.json'))) return isOfNpx(path.dirname(modules)) ? 'npx' : 'npm-local';
  return isGlobal(modules, root) ? 'npm-global' : 'package';
}

/** `npx` writes what it was asked for into the project that it makes (npm/cli, workspaces/libnpmexec/lib/index.js). */
function isOfNpx(project: string): boolean {
  try {
    return JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'))._npx !== undefined;
  } catch {
    return false;
  }
}

/** Reports whether npm's command for all users leads here: beside the packages on Windows, in `bin` elsewhere (docs.npmjs.com, folders). */
function isGlobal(modules: string, root: string): boolean {
  const prefix = path.dirname(modules);
  if (process.platform === 'win32') return existsSync(path.join(prefix, 'spacectl.cmd'));
  try {
    return realpathSync(path.join(path.dirname(prefix), 'bin/spacectl')) === path.join(root, 'dist/run.cjs');
  } catch {
    return false;
  }
}
