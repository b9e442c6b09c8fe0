import { expect, test } from 'vitest';
import { resolveName } from '../../../commands/oclif/names.ts';

const IDS = ['init', 'pool:list', 'pool:worker:drain'] as const;

test.each([
  [[], { kind: 'topic', id: '', rest: [] }],
  [['--frob', 'init'], { kind: 'topic', id: '', rest: ['--frob', 'init'] }],
  [['init'], { kind: 'command', id: 'init', rest: [] }],
  [['init', 'pool', '--dir', 'list'], { kind: 'command', id: 'init', rest: ['pool', '--dir', 'list'] }],
  [['pool'], { kind: 'topic', id: 'pool', rest: [] }],
  [['pool', '--json', 'list'], { kind: 'topic', id: 'pool', rest: ['--json', 'list'] }],
  [['pool', 'list', 'a:b'], { kind: 'command', id: 'pool:list', rest: ['a:b'] }],
  [['pool:list', '-q'], { kind: 'command', id: 'pool:list', rest: ['-q'] }],
  [['pool:worker', 'drain', 'x'], { kind: 'command', id: 'pool:worker:drain', rest: ['x'] }],
  [['pool:list:x'], { kind: 'unknown', topic: [], word: 'pool:list:x', siblings: ['init', 'pool'] }],
  [['frob'], { kind: 'unknown', topic: [], word: 'frob', siblings: ['init', 'pool'] }],
  [['pool', 'worker', 'lst'], { kind: 'unknown', topic: ['pool', 'worker'], word: 'lst', siblings: ['drain'] }],
  [['poo'], { kind: 'unknown', topic: [], word: 'poo', siblings: ['init', 'pool'] }],
  [[''], { kind: 'unknown', topic: [], word: '', siblings: ['init', 'pool'] }],
])('the words %j lead to the command or topic they name', (argv, expected) => {
  expect(resolveName(argv, IDS)).toEqual(expected);
});
