import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { readEnvironmentFile } from '../../services/boot/environment-file.mjs';
import { createHost, HOST_NEEDS } from '../../services/host.ts';
import { testWith } from '../../services/programs.ts';

/** A secret of several lines as `env` writes it, and what follows it in the file. */
const pretty = (token: string, key: string) =>
  `SECRET_VALUE={\n  "SPACELIFT_TOKEN": "${token}",\n  "SPACELIFT_POOL_PRIVATE_KEY": "${key}"\n}\nA=1\nB=2\n`;

const PIECES = ['A', 'B=', 'C=1\n', '=', '"', "'", '\\', '\n', ' ', '\t', '#', ';', '$', 'x', '{'];
const anything = fc.array(fc.constantFrom(...PIECES), { minLength: 3, maxLength: 24 }).map((each) => each.join(''));

/** What systemd sets in every service. */
const OWN = /^(?:LANG|PATH|INVOCATION_ID|SYSTEMD_EXEC_PID|JOURNAL_STREAM)=/;

testWith(...HOST_NEEDS)('the stand-in for systemd reads environment files as systemd itself does', async () => {
  const texts = [
    ...['dG9rZW4t', 'dG9rZW4=', 'dG9rZQ=='].flatMap((token) => [pretty(token, 'a2V5'), pretty(token, 'a2V5a2U=')]),
    ...fc.sample(anything, 100).map((text) => `FIRST=1\n${text}`),
  ];
  const host = await createHost();
  const units = texts.map((_, index) => `t${index}.service`);
  for (const [index, text] of texts.entries()) {
    await writeFile(path.join(host.root, `root/file${index}`), text);
    const start = `/bin/cat /proc/self/environ\nStandardOutput=truncate:/root/read${index}`;
    const unit = `[Service]\nType=oneshot\nEnvironmentFile=/root/file${index}\nExecStart=${start}\n`;
    await writeFile(path.join(host.root, `etc/systemd/system/t${index}.service`), unit);
  }
  const booted = await host.boot();
  await booted.run('systemctl', 'start', ...units);
  for (const [index, text] of texts.entries()) {
    const { variables, invalid } = readEnvironmentFile(text);
    const read = (await booted.run('cat', `/root/read${index}`)).stdout.split('\0').filter((each) => !OWN.test(each));
    const expected = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    expect({ text, read: read.filter(Boolean).sort() }).toEqual({ text, read: expected.sort() });
    if (index >= 6) continue;
    const journal = await booted.run('journalctl', '-q', '-o', 'cat', '-u', `t${index}`);
    for (const each of invalid) {
      expect(journal.stdout).toContain(`Ignoring invalid environment assignment '${each}': /root/file${index}`);
    }
  }
});
