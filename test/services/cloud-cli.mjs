// The command line of a cloud (az, gcloud), as far as boot scripts use it: knows whole commands, word for word, and
// nothing else. Usage: cloud-cli.mjs KNOWN.json CALLS NAME ARGUMENT... ; KNOWN has, by command, what is printed or put
// into the file whose place in the command is FILE, and how often the command fails before that.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

const [knownFile, callsFile, ...words] = process.argv.slice(2);
const known = JSON.parse(readFileSync(knownFile, 'utf8'));
const earlier = existsSync(callsFile) ? readFileSync(callsFile, 'utf8').trim().split('\n') : [];

function fail(message) {
  process.stderr.write(`ERROR: ${message}\n`);
  process.exit(1);
}

for (const [command, { text, failures = 0, mayReplace = false, after }] of Object.entries(known)) {
  const expected = command.split(' ');
  const isMeant = expected.length === words.length && expected.every((word, i) => word === words[i] || word === 'FILE');
  if (!isMeant) continue;
  appendFileSync(callsFile, `${command}\n`);
  if (after && !earlier.includes(after)) fail('not logged in');
  if (earlier.filter((each) => each === command).length < failures) fail('(Forbidden) not allowed yet');
  const file = words[expected.indexOf('FILE')];
  if (file === undefined) process.stdout.write(text);
  else if (existsSync(file) && !mayReplace) fail(`${file} is there already`);
  else writeFileSync(file, text);
  process.exit(0);
}
fail(`no such command: ${words.join(' ')}`);
