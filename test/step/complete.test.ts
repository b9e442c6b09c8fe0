import { expect, test } from 'vitest';
import { conversation, inputsOf } from '../../src/step/conversation.ts';
import { onlyWhen, text, yesNo } from '../../src/step/input.ts';
import { inquiry } from '../../src/step/inquiry.ts';
import { step } from '../../src/step/step.ts';

const parse = (value: string) => value;
const spot = yesNo({ summary: 'Spot' });
const price = onlyWhen(({ spot: isSpot }: { spot: boolean }) => isSpot, text({ summary: 'Price', parse }));
const plan = async () => ({ changes: [] });
const made = { id: 'x', title: 'x', plan } as const;

test('inputs that read what is not declared do not compile, nor those that read it as another type', () => {
  step({ ...made, inputs: { spot, price } });
  inquiry({ inputs: { spot, price }, run: plan });
  // @ts-expect-error: nothing declares `spot`
  step({ ...made, inputs: { price } });
  // @ts-expect-error: nothing declares `spot`
  inquiry({ inputs: { price }, run: plan });
  // @ts-expect-error: `spot` is a text here
  step({ ...made, inputs: { spot: text({ summary: 'Spot', parse }), price } });
  expect.assertions(0);
});

test('parts of a conversation see what was answered before them, and nothing else', () => {
  const bought = step({ ...made, inputs: { spot, price } });
  const parts = conversation()
    .ask({ spot })
    .ask({ price })
    .step(bought, { when: ({ spot: isSpot }) => isSpot }).all;
  expect(Object.keys(inputsOf(parts))).toEqual(['spot', 'price']);
  // @ts-expect-error: `spot` is answered only afterwards
  conversation().ask({ price }).ask({ spot });
  // @ts-expect-error: nothing answers `size`
  conversation().step(bought, { when: ({ size }) => size > 1 });
  const ofSize = [{ inputs: {}, when: ({ size }: { size: number }) => size > 1 }];
  // @ts-expect-error: nothing answers `size`
  conversation().ask({ spot }).parts(ofSize);
});
