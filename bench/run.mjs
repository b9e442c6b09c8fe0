// `npm run bench [NAME …]`: builds, then prints ratios, each against a yardstick measured in the same run.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

execFileSync(process.execPath, [fileURLToPath(new URL('../build.mjs', import.meta.url))], { stdio: 'inherit' });
const names =
  process.argv.length > 2
    ? process.argv.slice(2)
    : ['startup', 'keypair', 'certificates', 'package-size', 'executable', 'ca-bundle'];
for (const name of names) {
  const { run } = await import(`./${name}.mjs`);
  await run();
}
