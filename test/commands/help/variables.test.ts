import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { OTHER_VARIABLES } from '../../../commands/help/variables.ts';
import { describeCommands } from '../../../commands/index.ts';

/** Where an environment is not that of this program. */
const OF_OTHERS = ['src/ca-bundle/clients/', 'src/host/doctor/', 'src/render/'];

/** Variables that the system sets, or that are between this program and others. */
const UNTOLD: Readonly<Record<string, string>> = {
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'set by us, for a library',
  HOME: "the user's directory",
  LANG: 'the locale',
  LC_ALL: 'the locale',
  LC_CTYPE: 'the locale',
  LOCALAPPDATA: "where Windows has a user's cache",
  MSYSTEM: 'the shell of Git for Windows, which sets it',
  PATH: 'where programs are',
  PWD: 'the working directory',
  TERM: 'the terminal; told with SPACECTL_PLAIN',
};

/** Finds the variables that code reads from the environment of the process. */
function variablesIn(code: string): readonly string[] {
  const named = [...code.matchAll(/\b(?:process\.env|environment)\[(?:'|")([A-Za-z_]+)(?:'|")\]/g)];
  const taken = [...code.matchAll(/const \{([^}]*)\} = (?:process\.env|environment);/g)];
  return [
    ...named.map(([, name = '']) => name),
    ...taken.flatMap(([, names = '']) => names.split(',').map((each) => each.replace(/:.*/, '').trim())),
  ].filter((name) => /^[A-Z]/.test(name));
}

test('every variable that the program reads is in the help', async () => {
  const flags = Object.values(await describeCommands()).flatMap((command) => command.flags);
  const told = new Set([
    ...Object.values(OTHER_VARIABLES).flatMap((each) => Object.keys(each)),
    ...flags.flatMap(({ variables }) => variables),
    ...Object.keys(UNTOLD),
  ]);
  const read = new Set<string>();
  for (const folder of ['src', 'commands']) {
    for (const name of await readdir(folder, { recursive: true })) {
      const file = path.join(folder, name);
      if (!name.endsWith('.ts') || OF_OTHERS.some((each) => file.startsWith(each))) continue;
      for (const variable of variablesIn(await readFile(file, 'utf8'))) read.add(variable);
    }
  }
  expect(read.size).toBeGreaterThan(20);
  expect([...read].filter((name) => !told.has(name))).toEqual([]);
  expect(Object.keys(UNTOLD).filter((name) => !read.has(name))).toEqual([]);
});

test('variables are found where they are named, and where they are taken apart', () => {
  const code = "const { A_B, C: c } = environment; process.env['D_E']; environment[\"F\"] || other['G']";
  expect(variablesIn(code)).toEqual(['D_E', 'F', 'A_B', 'C']);
});
