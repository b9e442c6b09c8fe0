import path from 'node:path';
import { expect } from 'vitest';
import { PROGRAM } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';
import { withTmux } from '../services/wizard.ts';

withTmux.each([40, 60, 80])(
  'in %i columns an error is wrapped at words, and a command stays on one line',
  async (columns) => {
    const cwd = path.join(await temporaryFolder());
    const line = [
      'keypair',
      'generate',
      '--dri',
      'a-folder-whose-name-is-much-longer-than-the-terminal-is-wide-it-goes-on',
    ];
    const terminal = await openTerminal([process.execPath, PROGRAM, ...line], { cwd, columns, rows: 40 });
    expect(await terminal.ended()).toBe(2);
    const written = (await terminal.written()).replaceAll('\r', '').split('\n');
    expect(written.find((each) => each.includes('--dir a-folder'))?.trim()).toBe(
      `spacectl keypair generate --dir ${line[3]}`,
    );
    const words = written.slice(written.findIndex((each) => each.startsWith('Error:'))).join(' ');
    expect(words).toContain('has no flag --dri');
    for (const each of written.filter((text) => !/spacectl (?:keypair )?generate|spacectl keypair/.test(text)))
      expect(each.length).toBeLessThanOrEqual(columns);
  },
);
