// `npm run screenshot`: makes docs/wizard.svg from the real program, in a real terminal (tmux).
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ansiToSvg } from './ansi-to-svg.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const COLUMNS = 100;

/** What a person reads, and then enters; `Enter` alone takes the answer in grey. */
const CONVERSATION = [
  ['Where should the files', 'my-pool'],
  ['What do you want to have at the end', ''],
  ['Certificates of a private CA', 'corporate-root.pem'],
];

execFileSync(process.execPath, ['build.mjs'], { cwd: root });
const folder = mkdtempSync(path.join(tmpdir(), 'spacectl-screenshot-'));
copyFileSync(path.join(root, 'docs/example-ca.pem'), path.join(folder, 'corporate-root.pem'));
const tmux = (...words) =>
  execFileSync('tmux', ['-S', path.join(folder, '.tmux'), '-f', '/dev/null', ...words], { encoding: 'utf8' });
try {
  // What is typed is shown as if a shell had run it; a shell of the test's would not look like the reader's.
  const command = `printf '\\033[32m$\\033[0m spacectl init --offline\\n'; env -u CI -u NO_COLOR '${process.execPath}' '${root}dist/run.cjs' init --offline; sleep 60`;
  const size = ['-x', String(COLUMNS), '-y', '90'];
  tmux('new-session', '-d', ...size, '-c', folder, '-e', 'TERM=xterm-256color', '-e', 'LC_ALL=C.UTF-8', command);
  for (const [index, [question, answer]] of CONVERSATION.entries()) {
    if (index > 0) tmux('send-keys', '-t', '0', 'Enter');
    await shown(question);
    if (answer !== '') tmux('send-keys', '-t', '0', '-l', answer);
  }
  await sleep(500);
  const questions = captured();
  tmux('send-keys', '-t', '0', 'Enter');
  // The terminal may break the line between the words.
  await shown(/Esc\s+leaves/);
  // The review takes the whole screen: the picture has it below the questions.
  const screen = `${questions}\n\n${captured()}`;
  writeFileSync(path.join(root, 'docs/wizard.svg'), ansiToSvg(screen, { title: 'spacectl init', columns: COLUMNS }));
} finally {
  try {
    tmux('kill-server');
  } catch {}
  rmSync(folder, { recursive: true, force: true });
}

function captured() {
  return tmux('capture-pane', '-e', '-p', '-t', '0').trimEnd();
}

async function shown(text) {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (tmux('capture-pane', '-p', '-t', '0').search(text) >= 0) return;
    await sleep(50);
  }
  throw new Error(`"${text}" was never shown:\n${tmux('capture-pane', '-p', '-t', '0')}`);
}
