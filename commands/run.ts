#!/usr/bin/env node
import { formatVersion } from './build-info.ts';

// Comes first: Node reads source maps only for what it loads after this.
if (process.env['DEBUG']) process.setSourceMapsEnabled(true);

const [first, ...rest] = process.argv.slice(2);
if (first === '--version' && rest.length === 0) {
  process.stdout.write(formatVersion(false));
} else {
  // Not awaited: the bundle is CommonJS, which has no top-level await.
  import('./main.ts').then(({ main }) => main(process.argv.slice(2)));
}
