import { expect } from 'vitest';
import { PROGRAM } from '../services/program.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';
import { QUESTIONS, withTmux } from '../services/wizard.ts';

/** The commonest goals: how often Down is pressed to get there, and what is counted on the way to the plan. */
const GOALS = [
  { goal: 'this machine', downs: 0, prompts: 5, keys: 10, open: 0 },
  { goal: 'hosts I have', downs: 1, prompts: 5, keys: 11, open: 1 },
  { goal: 'AWS', downs: 2, prompts: 5, keys: 12, open: 3 },
  { goal: 'Azure', downs: 3, prompts: 5, keys: 13, open: 3 },
  { goal: 'ECS', downs: 5, prompts: 5, keys: 15, open: 3 },
] as const;

withTmux.each(GOALS)(
  '$goal: $prompts prompts and $keys keys to apply the plan; lines that still want an answer: $open',
  async ({ downs, ...expected }) => {
    const [server, cwd] = [await startSpacelift(), await temporaryFolder()];
    const terminal = await openTerminal([process.execPath, PROGRAM, 'init', '--bits', '2048'], {
      cwd,
      env: { ...server.environment },
    });
    let [prompts, keys] = [0, 0];
    const questions = [
      [QUESTIONS.folder, []],
      [QUESTIONS.goal, Array<string>(downs).fill('Down')],
      ['Where does the worker pool come from?', []],
      ['Name of the worker pool', [...'demo']],
      [QUESTIONS.ca, []],
    ] as const;
    for (const [question, typed] of questions) {
      await terminal.waitFor(question);
      await terminal.press(...typed, 'Enter');
      prompts++;
      keys += typed.length + 1;
    }
    const screen = await terminal.waitFor(QUESTIONS.review);
    // Enter applies.
    keys++;
    const open = (screen.match(/^[ ❯] ! /gm) ?? []).length;
    expect({ goal: expected.goal, prompts, keys, open }).toEqual(expected);
    expect(prompts).toBeLessThanOrEqual(5);
    expect(open).toBeLessThanOrEqual(3);
    await terminal.press('C-c');
    expect(await terminal.ended()).toBe(130);
  },
);
