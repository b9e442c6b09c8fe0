import { expect } from 'vitest';
import { PROGRAM } from '../services/program.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';
import { converse, editLine, moveTo, QUESTIONS, withTmux, wizard } from '../services/wizard.ts';

withTmux(
  'Two configurations that would each create the pool: the wizard says so where the pool is chosen',
  async () => {
    const [server, cwd] = [await startSpacelift(), await temporaryFolder()];
    const command = [process.execPath, PROGRAM, 'init', 'pool', '--target', 'terraform-aws', '--target', 'ecs'];
    const terminal = await openTerminal(command, { cwd, env: { ...server.environment } });
    await terminal.waitFor('Where does the worker pool come from?');
    await terminal.press('Down', 'Down', 'Enter');
    await terminal.waitFor('terraform-aws and ecs would each create their own worker pool');
    const screen = await terminal.waitFor(/\? Where does the worker pool come from\?/);
    expect(screen).not.toContain(QUESTIONS.ca);
    // The other answers are possible as before.
    await terminal.press('Up', 'Up', 'Enter');
    await terminal.waitFor('Name of the worker pool');
    await terminal.press('C-c');
    expect(await terminal.ended()).toBe(130);
  },
);

withTmux('On the review, an answer that contradicts another one asks for what is missing, or for itself', async () => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline', '--bits', '2048', '--dir', 'pool', '--target', 'terraform-aws');
  await converse(terminal, [['ca', '']]);
  await moveTo(terminal, /❯ . spot /);
  await terminal.press('Right');
  await terminal.waitFor('Use spot instances');
  await terminal.enter('y');
  await terminal.waitFor(/--spot needs --accept-spot-risk[\s\S]*Do you accept that risk\?/);
  await terminal.enter('y');
  await terminal.waitFor(/accept-spot-risk +yes +you/);
  await moveTo(terminal, /❯ . instance-type /);
  await terminal.press('Right');
  await terminal.waitFor('Which instance type?');
  await terminal.enter('t4g.large');
  await terminal.waitFor(/t4g\.large has architecture arm64, but the image is x86_64[\s\S]*Which instance type\?/);
  // Esc leaves the line as it was.
  await terminal.press('Escape');
  await terminal.waitFor(/instance-type +t3\.small +default/);
  await editLine(terminal, 'instance-type', 't3.large');
  await terminal.waitFor(/instance-type +t3\.large +you/);
  await converse(terminal, [['review', '']]);
  expect(await terminal.ended()).toBe(0);
});
