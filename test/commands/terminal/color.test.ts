import { expect, test } from 'vitest';
import { chooseColor } from '../../../commands/terminal/color.ts';

test.each<[string, readonly string[], Record<string, string>, { NO_COLOR?: string; FORCE_COLOR?: string }]>([
  ['nothing is said', [], {}, {}],
  ['--no-color', ['--no-color'], { CLICOLOR_FORCE: '1', FORCE_COLOR: '3' }, { NO_COLOR: '1' }],
  ['NO_COLOR', [], { NO_COLOR: 'x', CLICOLOR_FORCE: '1' }, { NO_COLOR: '1' }],
  ['NO_COLOR is empty', [], { NO_COLOR: '' }, { NO_COLOR: '' }],
  ['CLICOLOR_FORCE', [], { CLICOLOR_FORCE: '1', CLICOLOR: '0' }, { FORCE_COLOR: '1' }],
  ['CLICOLOR_FORCE=0', [], { CLICOLOR_FORCE: '0' }, {}],
  ['CLICOLOR=0', [], { CLICOLOR: '0' }, { NO_COLOR: '1' }],
  ['CLICOLOR=1', [], { CLICOLOR: '1' }, {}],
  ['FORCE_COLOR with a depth', [], { FORCE_COLOR: '3' }, { FORCE_COLOR: '3' }],
  ['FORCE_COLOR=0', [], { FORCE_COLOR: '0' }, { NO_COLOR: '1' }],
])('where %s, libraries are told', (_title, argv, given, expected) => {
  const environment: Record<string, string | undefined> = { ...given };
  chooseColor(argv, environment);
  const { NO_COLOR, FORCE_COLOR } = environment;
  expect({ ...(NO_COLOR !== undefined && { NO_COLOR }), ...(FORCE_COLOR !== undefined && { FORCE_COLOR }) }).toEqual(
    expected,
  );
});
