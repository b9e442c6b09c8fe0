// `npm run screenshot`: makes docs/wizard.svg, a recording of the real program in a real terminal (tmux).
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { recordingToSvg } from './ansi-to-svg.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const WINDOW = { title: 'spacectl init', columns: 100, rows: 36 };
const PROGRAM = `'${process.execPath}' '${root}dist/run.cjs'`;

execFileSync(process.execPath, ['build.mjs'], { cwd: root });
const folder = mkdtempSync(path.join(tmpdir(), 'spacectl-screenshot-'));
const written = path.join(folder, 'written');
const tmux = (...words) =>
  execFileSync('tmux', ['-S', path.join(folder, '.tmux'), '-f', '/dev/null', ...words], { encoding: 'utf8' });
/** Screens, and how many seconds each is to be seen. */
const frames = [];
try {
  execFileSync('sh', ['-c', `${PROGRAM} keypair generate --quiet --dir my-pool`], { cwd: folder });
  copyFileSync(path.join(root, 'docs/example-ca.pem'), path.join(folder, 'my-pool/corporate-root.pem'));
  writeFileSync(path.join(folder, 'token'), makeToken(path.join(folder, 'my-pool/spacelift.key')));
  // What is typed is shown as if a shell had run it; a shell of the test's would not look like the reader's.
  const typed = (words) => `printf '\\033[32m$\\033[0m ${words}\\n'`;
  const command = `${typed('ls my-pool')}; ls my-pool; ${typed('spacectl init --offline')}; env -u CI -u NO_COLOR ${PROGRAM} init --offline; ${typed('')}; sleep 60`;
  const size = ['-x', String(WINDOW.columns), '-y', String(WINDOW.rows)];
  const environment = ['-e', 'TERM=xterm-256color', '-e', 'LC_ALL=C.UTF-8'];
  const record = [';', 'pipe-pane', `cat > '${written}'`];
  tmux('new-session', '-d', ...size, '-c', folder, ...environment, command, ...record);
  await shown('Where should the files');
  type('my-pool');
  await shown('[?] Where.* my-pool');
  keep(2.5);
  press('Enter');
  await shown('What do you want to have at the end');
  keep(4);
  press('Enter');
  await shown("The pool's token");
  keep(2.5);
  tmux('load-buffer', path.join(folder, 'token'));
  tmux('paste-buffer', '-p', '-t', '0');
  await shown('characters. Press Enter');
  keep(2.5);
  press('Enter');
  await shown('Certificates of a private CA');
  keep(4);
  type('my-pool/corporate-root.pem');
  await shown('corporate-root.pem$');
  keep(2);
  press('Enter');
  // The terminal may break the line between the words.
  await shown('Esc\\s+leaves');
  keep(7);
  press('Enter');
  await shown('^[$]\\s*$');
  const report = captured();
  // The plan is applied in a tenth of a second: the program's output up to the finished bundle is shown again.
  const output = readFileSync(written, 'utf8');
  const redrawn = output.indexOf('\u001b[2K', output.search(/✔\S* Write the CA bundle/));
  writeFileSync(path.join(folder, 'begun'), output.slice(0, redrawn));
  tmux('respawn-pane', '-k', '-t', '0', '-c', folder, 'cat begun; sleep 60');
  await shown('Write the record');
  keep(2);
  frames.push({ screen: report, seconds: 10 });
  writeFileSync(path.join(root, 'docs/wizard.svg'), recordingToSvg(frames, WINDOW));
} finally {
  try {
    tmux('kill-server');
  } catch {}
  rmSync(folder, { recursive: true, force: true });
}

/** A token as Spacelift gives one (test/services/token.ts), of the same length each time. */
function makeToken(key) {
  const words = ['req', '-x509', '-new', '-key', key, '-subj', '/CN=workers.spacelift.io', '-set_serial', '1'];
  const certificate = execFileSync('openssl', [...words, '-days', '30'], { encoding: 'utf8' });
  const token = { broker: { endpoint: 'worker-iot.spacelift.io' }, certificate };
  return Buffer.from(JSON.stringify(token)).toString('base64');
}

function press(key) {
  tmux('send-keys', '-t', '0', key);
}

function type(text) {
  tmux('send-keys', '-t', '0', '-l', text);
}

function keep(seconds) {
  frames.push({ screen: captured(), seconds });
}

function captured() {
  return tmux('capture-pane', '-e', '-p', '-t', '0').trimEnd();
}

async function shown(text) {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (tmux('capture-pane', '-p', '-t', '0').search(new RegExp(text, 'm')) >= 0) return;
    await sleep(50);
  }
  throw new Error(`"${text}" was never shown:\n${tmux('capture-pane', '-p', '-t', '0')}`);
}
