#!/usr/bin/env node
import packageJson from '../package.json' with { type: 'json' };

const [first, ...rest] = process.argv.slice(2);
if (first === '--version' && rest.length === 0) {
  process.stdout.write(`spacectl/${packageJson.version} ${process.platform}-${process.arch} node-${process.version}\n`);
} else {
  // Not awaited: the bundle is CommonJS, which cannot wait at its top.
  import('./main.ts').then(({ main }) => main(process.argv.slice(2)));
}
