// systemctl as far as boots use it, and what systemd does on `start`: a service of Type=simple has started once its
// process exists, whatever becomes of it (systemd.service(5)); ExecStopPost= follows its end. A launcher that stays is
// waited for no longer than it takes to say so. Usage: systemctl.mjs COMMAND [UNIT].
import { spawnSync } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { readEnvironmentFile } from './environment-file.mjs';

const BOOT = '/run/boot';
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Settings that change nothing here, or what this file does anyway. */
const OTHER = /^(?:Description|After|Wants|Requires|Type|KillMode|TimeoutStopSec|Restart)=/;
const KNOWN = /^(?:User|EnvironmentFile|ExecStart|ExecStopPost|StandardOutput|StandardError)=/;

const [command, name = ''] = process.argv.slice(2);
const unit = name.replace(/\.service$/, '');

/** Writes into systemd's journal. */
function log(message) {
  appendFileSync(`${BOOT}/journal`, `${message}\n`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readUnit(file) {
  const settings = {};
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '' || line.startsWith('[') || line.startsWith('#') || OTHER.test(line)) continue;
    if (!KNOWN.test(line)) throw new Error(`${file}: this stand-in does not know "${line}"`);
    settings[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
  }
  return settings;
}

/** A user of the host's, with what systemd sets for it (systemd.exec(5), "Environment Variables in Spawned Processes"). */
function userOf(wanted) {
  if (wanted === undefined) return { environment: {} };
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${wanted}:`));
  if (!line) return undefined;
  const [, , uid, gid, , home, shell] = line.split(':');
  return {
    uid: Number(uid),
    gid: Number(gid),
    environment: { HOME: home, USER: wanted, LOGNAME: wanted, SHELL: shell },
  };
}

/** The kernel runs what begins like a program or names its interpreter; systemd has no shell to fall back to. */
function isExecutable(file) {
  const start = Buffer.alloc(4);
  const descriptor = openSync(file);
  readSync(descriptor, start);
  closeSync(descriptor);
  return start.toString('latin1', 0, 2) === '#!' || start.toString('latin1') === '\x7fELF';
}

/** Runs the words of an Exec… line; `-`, `+` and the like before them are systemd's. */
function run(line, { uid, gid, environment }, settings) {
  const prefix = /^[-+:@!]*/.exec(line)[0];
  const [program, ...args] = [...line.slice(prefix.length).matchAll(/'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2]);
  if (!existsSync(program) || !isExecutable(program)) return log(`${unit}: Failed at step EXEC spawning ${program}`);
  const open = (to) => openSync(to?.startsWith('append:') ? to.slice(7) : `${BOOT}/journal`, 'a');
  const stdio = ['ignore', open(settings.StandardOutput), open(settings.StandardError)];
  const env = { PATH, LANG: 'C.UTF-8', ...environment };
  const user = uid === undefined || prefix.includes('+') ? {} : { uid, gid };
  const { status, error } = spawnSync(program, args, { env, stdio, cwd: '/', ...user });
  if (error) log(`${unit}: Failed at step EXEC spawning ${program}: ${error.code}`);
  else if (status !== 0) log(`${unit}: Main process exited, code=exited, status=${status}`);
}

function start() {
  const settings = readUnit(`/etc/systemd/system/${unit}.service`);
  const user = userOf(settings.User);
  const file = settings.EnvironmentFile;
  if (file !== undefined && !existsSync(file)) fail(`Job for ${unit}.service failed because of unavailable resources`);
  const { variables, invalid } = readEnvironmentFile(file === undefined ? '' : readFileSync(file, 'utf8'));
  // As systemd words it: src/core/execute.c (invalid_env), v252.
  for (const each of invalid) log(`${unit}: Ignoring invalid environment assignment '${each}': ${file}`);
  writeFileSync(`${BOOT}/state/unit`, '');
  if (!user) log(`${unit}: Failed to determine user credentials: No such process`);
  else run(settings.ExecStart, { ...user, environment: { ...user.environment, ...variables } }, settings);
  const stays = existsSync(`${BOOT}/launcher/environment`) && !existsSync(`${BOOT}/fails/launcher`);
  if (!stays && settings.ExecStopPost) run(settings.ExecStopPost, user ?? { environment: {} }, settings);
}

if (/^(?:daemon-reload|stop|disable|enable)$/.test(command)) process.exit(0);
if (!/^(?:start|restart|is-active)$/.test(command)) fail(`Unknown command verb ${command}.`);
if (unit === 'docker') {
  if (existsSync(`${BOOT}/fails/docker-daemon`))
    fail('Job for docker.service failed because the control process exited');
} else if (existsSync(`/etc/systemd/system/${unit}.service`)) start();
else fail(`Failed to ${command} ${name}: Unit ${name} not found.`);
