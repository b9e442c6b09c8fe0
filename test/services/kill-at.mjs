// Loaded with --import: ends the process as `kill -9` does, right before the step with the number KILL_AT. A step is what
// changes the world: a file that is opened, linked, renamed or removed, a request that goes out, an answer that came in.
// Without KILL_AT it writes to STEPS_FILE how many there were.
import { readlinkSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';

const killAt = Number(process.env.KILL_AT ?? Number.POSITIVE_INFINITY);
let steps = 0;

function step() {
  steps++;
  if (steps === killAt) process.kill(process.pid, 'SIGKILL');
}

/** A path in an open directory is `/proc/self/fd/N/NAME`. */
const placeOf = (file) => String(file).replace(/^\/proc\/self\/fd\/\d+/, (link) => readlinkSync(link));
const isOurs = (file) => placeOf(file).includes(process.env.KILL_WITHIN);

for (const name of ['open', 'writeFile', 'rename', 'link', 'rm', 'unlink']) {
  const real = promises[name];
  promises[name] = (file, ...rest) => {
    if (isOurs(file)) step();
    return real(file, ...rest);
  };
}
const { end, emit } = http.ClientRequest.prototype;
http.ClientRequest.prototype.end = function (...rest) {
  step();
  return end.apply(this, rest);
};
http.ClientRequest.prototype.emit = function (event, ...rest) {
  if (event === 'response') step();
  return emit.call(this, event, ...rest);
};
syncBuiltinESMExports();

if (process.env.STEPS_FILE) process.on('exit', () => writeFileSync(process.env.STEPS_FILE, String(steps)));
