// `npm run executable`: builds the single-file executable for this kind of machine, in release/.
import path from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { buildExecutable } from './executable/executable.mjs';

const root = path.dirname(import.meta.dirname);
const name = `spacectl-${packageJson.version}-linux-${process.arch}`;
await buildExecutable(root, path.join(root, 'release', name));
process.stdout.write(`release/${name}\n`);
