import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { keyOf } from '../../../../commands/terminal/reader/keys.ts';
import { type Review, reviewView } from '../../../../commands/terminal/review/review-view.ts';

const review: Review = {
  lines: [
    { name: 'dir', label: 'dir', section: 'Goal', value: 'my-pool', source: 'you' },
    { name: 'ca', label: 'ca', section: 'CA bundle', value: `/etc/${'long/'.repeat(40)}corp.pem`, source: 'saved' },
    { name: 'aws/subnet', label: 'subnet', section: 'Terraform for AWS', value: '', source: 'open' },
    {
      name: 'aws/spot-max-price',
      label: 'spot-max-price',
      section: 'Terraform for AWS',
      value: '日本\u001b[31m',
      source: 'flag',
    },
  ],
  plan: [
    { text: 'create     my-pool/systemd/install.sh (0755)', file: '/p/install.sh' },
    { text: 'unchanged  my-pool/spacelift.key (0600, secret)' },
  ],
  remarks: [`Warning: ${'word '.repeat(40)}`],
  enter: 'applies the plan',
  deploy: undefined,
  start: undefined,
  targetName: 'target',
};

const draw = (columns: number, rows = 40, shown = review) => reviewView(shown).draw({ columns, rows }).lines;

test.each([60, 80, 120])('In %d columns every line fits, and everything is shown', (columns) => {
  const lines = draw(columns);
  expect(lines.filter((line) => stringWidth(line) >= columns)).toEqual([]);
  expect(lines).toMatchSnapshot();
});

test('What comes from files cannot drive the terminal', () => {
  expect(draw(80).join('\n')).toContain('日本\\u{1b}[31m');
});

test('In a low terminal the lines around the marker are shown', () => {
  const view = reviewView(review);
  expect(view.draw({ columns: 80, rows: 8 }).lines).toHaveLength(7);
  for (const name of ['down', 'down', 'down']) view.press({ name, text: '', sequence: '' });
  expect(view.draw({ columns: 80, rows: 8 }).lines.join('\n')).toMatch(/❯ ✔ spot-max-price/);
});

test.each([
  [['\r'], { kind: 'apply', deploys: false }],
  [['d', 't'], { kind: 'edit', name: 'target' }],
  [['\u001b[C'], { kind: 'edit', name: 'dir' }],
  [['\u001b[B', 'e'], { kind: 'edit', name: 'ca' }],
  // The marker passes over what cannot be shown, and round the ends.
  [['\u001b[A', ' '], { kind: 'show', file: '/p/install.sh' }],
  [['\u001b[A', '\u001b[B', ' '], { kind: 'edit', name: 'dir' }],
  [['t'], { kind: 'edit', name: 'target' }],
] as const)('The keys %j decide %j', (sequences, expected) => {
  const view = reviewView(review);
  const decisions = sequences.map((sequence) => view.press(keyOf(sequence)));
  expect(decisions.at(-1)).toEqual(expected);
  expect(decisions.slice(0, -1).filter(Boolean)).toEqual([]);
});

test('Where the directory can be deployed from here, d decides to', () => {
  const offered = { ...review, deploy: 'also deploys' };
  for (const columns of [60, 80, 120]) expect(draw(columns, 40, offered).at(-1)).toMatch(/(?:^| )Esc leaves$/);
  expect(draw(80, 40, offered).join('\n')).toContain('· d also deploys');
  expect(reviewView(offered).press(keyOf('d'))).toEqual({ kind: 'apply', deploys: true });
});
