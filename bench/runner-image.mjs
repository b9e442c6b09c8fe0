// A runner-like image out of this machine's real files, as an OCI layout; built once and kept in the cache folder.

import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** Bottom first. The bundle's last version is in the second layer, as in Spacelift's runner image; paths in their order. */
const LAYERS = [
  ['bin', 'etc/passwd', 'etc/ssl/certs/ca-certificates.crt', 'sbin'],
  ['etc/ssl', 'usr/lib/gcc', 'usr/share/ca-certificates', 'usr/share/perl'],
  ['usr/lib/python3.11'],
  ['usr/share/locale'],
  ['usr/include', 'usr/share/go-1.19'],
  ['etc/debian_version', 'usr/share/perl'],
];
const TYPES = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};

/** The layout with the images `latest` and `large`, ten times as large. @returns folder, and the layers' descriptors */
export async function runnerImage() {
  const recipe = createHash('sha256')
    .update(`5${JSON.stringify(LAYERS)}`)
    .digest('hex')
    .slice(0, 12);
  const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache');
  const folder = path.join(cache, 'spacectl-bench', recipe);
  if (!existsSync(path.join(folder, 'index.json'))) await build(folder);
  return { folder, ...JSON.parse(readFileSync(path.join(folder, 'layers.json'), 'utf8')) };
}

async function build(folder) {
  console.log('Building a runner-like image out of the files of this machine, once …');
  mkdirSync(path.join(folder, 'blobs/sha256'), { recursive: true });
  const layers = [];
  for (const paths of LAYERS) layers.push(await pack(folder, paths));
  const large = [];
  for (let copy = 0; copy < 10; copy++) {
    // Each time another blob of the same content.
    for (const layer of layers) large.push(await again(folder, layer, copy));
  }
  large.sort((one, other) => one.index - other.index);
  const images = { latest: layers, large };
  const manifests = Object.entries(images).map(([tag, stack]) => ({
    ...manifest(folder, stack),
    annotations: { 'org.opencontainers.image.ref.name': tag },
  }));
  writeFileSync(path.join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(path.join(folder, 'layers.json'), JSON.stringify(images));
  writeFileSync(path.join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

async function pack(folder, paths) {
  const temporary = path.join(folder, 'packing');
  const options = [
    '-C',
    '/',
    '--no-recursion',
    '--numeric-owner',
    '--ignore-failed-read',
    '-cf',
    '-',
    '--null',
    '-T',
    '-',
  ];
  const tar = spawn('tar', options, { stdio: ['pipe', 'pipe', 'ignore'] });
  tar.stdin.end(namesIn(paths).join('\0'));
  const gzip = spawn('gzip', ['-6n'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await Promise.all([pipeline(tar.stdout, gzip.stdin), pipeline(gzip.stdout, createWriteStream(temporary))]);
  return store(folder, temporary, LAYERS.indexOf(paths));
}

/** Everything at and below some paths, and the folders above them, in the order in which builders write them. */
function namesIn(paths) {
  const present = paths.filter((each) => existsSync(path.join('/', each)));
  const above = present.flatMap((each) => {
    const parts = each.split('/');
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
  });
  const found = execFileSync('find', [...present, '-print0'], { cwd: '/', maxBuffer: 2 ** 28 }).toString('latin1');
  // NUL sorts before everything else, and so what is in a folder right after it.
  const sortable = new Set([...above, ...found.split('\0')].filter(Boolean).map((each) => each.replaceAll('/', '\0')));
  return [...sortable].sort().map((each) => Buffer.from(each.replaceAll('\0', '/'), 'latin1').toString());
}

/** The same layer as another blob: an empty gzip member more changes the digest and nothing else. */
async function again(folder, layer, copy) {
  if (copy === 0) return layer;
  const temporary = path.join(folder, 'packing');
  execFileSync('sh', [
    '-c',
    'cat "$0" > "$1"; for each in $(seq "$2"); do printf "" | gzip -n; done >> "$1"',
    blob(folder, layer.digest),
    temporary,
    String(copy),
  ]);
  return store(folder, temporary, layer.index);
}

async function store(folder, temporary, index) {
  const stored = createHash('sha256');
  const unpacked = createHash('sha256');
  await pipeline(createReadStream(temporary), stored);
  let unpackedSize = 0;
  const count = async function* (chunks) {
    for await (const chunk of chunks) {
      unpackedSize += chunk.length;
      yield chunk;
    }
  };
  await pipeline(createReadStream(temporary), createGunzip(), count, unpacked);
  const digest = `sha256:${stored.digest('hex')}`;
  const { size } = statSync(temporary);
  renameSync(temporary, blob(folder, digest));
  return { index, mediaType: TYPES.layer, digest, size, unpackedSize, diffId: `sha256:${unpacked.digest('hex')}` };
}

function manifest(folder, layers) {
  const config = json(folder, TYPES.config, {
    os: 'linux',
    architecture: 'amd64',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(() => ({ created_by: 'RUN something', comment: 'buildkit.dockerfile.v0' })),
  });
  const own = layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
  return json(folder, TYPES.manifest, { schemaVersion: 2, mediaType: TYPES.manifest, config, layers: own });
}

function json(folder, mediaType, value) {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  writeFileSync(blob(folder, digest), bytes);
  return { mediaType, digest, size: bytes.length };
}

function blob(folder, digest) {
  return path.join(folder, 'blobs', digest.replace(':', '/'));
}
