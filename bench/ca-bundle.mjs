// Getting the bundle out of a runner-like image in a registry on loopback, against what others do, in one run.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, peakMemory, printTable, timeOnce } from './measure.mjs';
import { runnerImage } from './runner-image.mjs';

const program = fileURLToPath(new URL('../dist/run.cjs', import.meta.url));
const authority = fileURLToPath(new URL('../docs/example-ca.pem', import.meta.url));
const RUNS = Number(process.env.SPACECTL_BENCH_RUNS ?? 5);
/** The layer that holds the bundle, counted from the bottom: what is above it is needed, what is below is not. */
const HOLDER = 1;

export async function run() {
  const { folder, latest, large } = await runnerImage();
  const scratch = mkdtempSync(path.join(tmpdir(), 'spacectl-bench-'));
  const registry = await startRegistry(scratch);
  const counted = await countingLine(registry.port);
  try {
    const url = `127.0.0.1:${registry.port}/runner`;
    for (const tag of ['latest', 'large']) {
      execFileSync('skopeo', [
        'copy',
        '-q',
        '--dest-tls-verify=false',
        `oci:${folder}:${tag}`,
        `docker://${url}:${tag}`,
      ]);
    }
    await compare({ url, scratch, latest, counted });
    memory({ url, scratch, latest, large });
  } finally {
    counted.close();
    registry.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function compare({ url, scratch, latest, counted }) {
  const needed = latest.slice(HOLDER).reverse();
  const pipeline = needed.map(
    ({ digest }) => `curl -sf http://127.0.0.1:${url.split(/[:/]/)[1]}/v2/runner/blobs/${digest} | gzip -dc >/dev/null`,
  );
  const layout = path.join(scratch, 'copied');
  const own = (...more) => build(scratch, `${url}:latest`, ...more);
  const cold = ['--no-cache'];
  const commands = {
    'curl | gzip': ['sh', '-c', pipeline.join(' && ')],
    'skopeo copy': ['skopeo', 'copy', '-q', '--src-tls-verify=false', `docker://${url}:latest`, `oci:${layout}:x`],
    full: own(...cold),
    fast: own(...cold, '--verify', 'fast'),
    cached: own(),
    version: [process.execPath, program, '--version'],
  };
  const before = { 'skopeo copy': () => rmSync(layout, { recursive: true, force: true }) };
  const docker = await startDocker(scratch);
  if (docker) {
    const script = `docker pull -q ${url}:latest && id=$(docker create ${url}:latest x) && docker cp $id:/etc/ssl/certs/ca-certificates.crt ${scratch}/copied.crt && docker rm $id`;
    commands['docker pull + cp'] = ['env', `DOCKER_HOST=${docker.host}`, 'sh', '-c', script];
    before['docker pull + cp'] = () => docker.forget(`${url}:latest`);
  }
  const environment = { ...process.env, XDG_CACHE_HOME: path.join(scratch, 'cache') };
  timeOnce(commands.cached, { env: environment });
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let turn = RUNS > 1 ? -1 : 0; turn < RUNS; turn++) {
    for (const [name, command] of Object.entries(commands)) {
      if (name.startsWith('docker') && turn >= 1) continue;
      before[name]?.();
      const time = timeOnce(command, { env: environment });
      if (turn >= 0) times[name].push(time);
    }
  }
  docker?.stop();
  const at = (name) => median(times[name]);
  const row = (name, of, most) => {
    const ratio = at(name) / at(of);
    const figure = `${(at(name) / 1000).toFixed(2)} s = ${ratio.toFixed(2)} x ${of}`;
    return { name: `ca-bundle build, ${name}`, figure, target: `<= ${most} x`, isWithin: ratio <= most };
  };
  const sum = (layers) => layers.reduce((total, { size }) => total + size, 0);
  const plain = (name) => ({ name, figure: `${(at(name) / 1000).toFixed(2)} s`, target: '', isWithin: true });
  const unpacked = latest.reduce((total, { unpackedSize }) => total + unpackedSize, 0);
  const shape = `${latest.length} layers, ${(sum(latest) / 1e6).toFixed(0)} MB (${(unpacked / 1e6).toFixed(0)} MB unpacked)`;
  printTable(`Bundle out of ${shape}; medians of ${RUNS}`, [
    plain('curl | gzip'),
    plain('skopeo copy'),
    ...(docker ? [plain('docker pull + cp')] : []),
    row('full', 'curl | gzip', 0.5),
    ...(docker ? [row('full', 'docker pull + cp', 0.14)] : []),
    row('fast', 'curl | gzip', 0.25),
    row('cached', 'version', 2),
  ]);
  const bytes = async (...more) => {
    const start = counted.received();
    const [command, ...args] = build(scratch, `127.0.0.1:${counted.port}/runner:latest`, ...cold, ...more);
    await finished(spawn(command, args, { stdio: 'ignore' }));
    return counted.received() - start;
  };
  const share = (name, count, of, most) => {
    const ratio = count / of;
    const figure = `${(count / 1e6).toFixed(1)} MB = ${ratio.toFixed(3)} x`;
    return { name, figure, target: `<= ${most} x`, isWithin: ratio <= most };
  };
  printTable('Bytes from the registry', [
    share('full, of the layers down to the one with the file', await bytes(), sum(needed), 1.02),
    share('fast, of the whole image', await bytes('--verify', 'fast'), sum(latest), 0.4),
  ]);
}

function memory({ url, scratch, latest, large }) {
  const peak = (tag) => peakMemory(build(scratch, `${url}:${tag}`, '--no-cache'));
  const [one, ten] = [peak('latest'), peak('large')];
  const times = (large.length / latest.length).toFixed(0);
  printTable('Peak memory', [
    { name: 'the image', figure: `${one.toFixed(0)} MB`, target: '<= 160 MB', isWithin: one <= 160 },
    {
      name: `one ${times} times as large`,
      figure: `${ten.toFixed(0)} MB = ${(ten / one).toFixed(2)} x`,
      target: '<= 1.1 x',
      isWithin: ten / one <= 1.1,
    },
  ]);
}

function build(scratch, image, ...more) {
  const output = path.join(scratch, 'bundle.crt');
  return [
    process.execPath,
    program,
    'ca-bundle',
    'build',
    '--quiet',
    '--ca',
    authority,
    '--image',
    image,
    '--output',
    output,
    ...more,
  ];
}

async function startRegistry(scratch) {
  const port = await freePort();
  const file = path.join(scratch, 'registry.yml');
  const storage = { filesystem: { rootdirectory: path.join(scratch, 'registry') } };
  // JSON is YAML.
  writeFileSync(
    file,
    JSON.stringify({ version: '0.1', log: { level: 'error' }, storage, http: { addr: `127.0.0.1:${port}` } }),
  );
  const server = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
  await answering(() => execFileSync('curl', ['-sf', `http://127.0.0.1:${port}/v2/`], { stdio: 'ignore' }));
  return { port, stop: () => server.kill('SIGKILL') };
}

/** A daemon of its own, if there is one to be had. */
async function startDocker(scratch) {
  const folder = path.join(scratch, 'docker');
  mkdirSync(folder);
  const host = `unix://${folder}/sock`;
  const at = (name) => path.join(folder, name);
  const options = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid'), '-H', host];
  const network = ['--iptables=false', '--ip6tables=false', '--bridge=none', '--storage-driver=overlay2'];
  const daemon = spawn('dockerd', [...options, ...network], { stdio: 'ignore' });
  const env = { ...process.env, DOCKER_HOST: host };
  let isThere = true;
  daemon.once('error', () => {
    isThere = false;
  });
  await answering(() => !isThere || execFileSync('docker', ['version'], { env, stdio: 'ignore' })).catch(() => {
    isThere = false;
  });
  if (!isThere) return undefined;
  return {
    host,
    forget: (image) => {
      try {
        execFileSync('docker', ['rmi', '-f', image], { env, stdio: 'ignore' });
      } catch {
        // It was not there yet.
      }
    },
    stop: () => daemon.kill('SIGTERM'),
  };
}

/** A line to a port that counts what comes from it. */
async function countingLine(target) {
  let received = 0;
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    upstream.on('data', (chunk) => {
      received += chunk.length;
    });
    client.pipe(upstream).pipe(client);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, received: () => received, close: () => server.close() };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answering(ask) {
  for (let attempt = 0; ; attempt++) {
    try {
      return ask();
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function finished(child) {
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`ca-bundle build ended with ${status}`);
}
