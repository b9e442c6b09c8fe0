#!/usr/bin/env node
import packageJson from '../package.json' with { type: 'json' };

const [first, ...rest] = process.argv.slice(2);
if (first === '--version' && rest.length === 0) {
  process.stdout.write(`spacectl/${packageJson.version} ${process.platform}-${process.arch} node-${process.version}\n`);
} else {
  const { main } = await import('./main.ts');
  await main(process.argv.slice(2));
}
