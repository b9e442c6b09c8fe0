import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { type TarEntry, TarReader } from '../../../src/oci/tar/reader.ts';
import { buildGo } from '../../services/go.ts';
import { testWith } from '../../services/programs.ts';
import { randomTar } from '../../services/random-tar.ts';
import { temporaryFolder } from '../../services/temporary.ts';

/** How many archives; SPACECTL_TEST_SEEDS sets more, SPACECTL_TEST_SEED one of them. */
const COUNT = Number(process.env['SPACECTL_TEST_SEEDS'] ?? 600);
const ONLY = process.env['SPACECTL_TEST_SEED'];
const seeds = ONLY ? [Number(ONLY)] : Array.from({ length: COUNT }, (_, index) => index + 1);

const KINDS: Readonly<Record<string, TarEntry['kind']>> = {
  0: 'file',
  1: 'hard link',
  2: 'symbolic link',
  5: 'directory',
};

interface Listing {
  readonly Members: readonly { Type: string; Name: string; Target: string; Content: string }[];
  readonly Error: string;
}

/** What Go says, in our words. Its global PAX headers are members, and change nothing. */
function expected({ Members, Error: error }: Listing) {
  const members = Members.filter(({ Type }) => Type !== 'g').map(({ Type, Name, Target, Content }) => [
    KINDS[Type] ?? 'other',
    Name,
    Target,
    Content.length / 2,
    Content,
  ]);
  return { members, isRefused: error !== '' };
}

function read(archive: Buffer) {
  const members: unknown[] = [];
  const hex = (name: string) => Buffer.from(name, 'latin1').toString('hex');
  const reader = new TarReader(({ kind, name, linkName, size }) => {
    const member = [kind, hex(name), hex(linkName), size, ''];
    members.push(member);
    return (chunk) => {
      member[4] += chunk.toString('hex');
    };
  });
  let isRefused = false;
  try {
    for (let at = 0; at < archive.length; at += 777) reader.write(archive.subarray(at, at + 777));
    reader.end();
  } catch {
    isRefused = true;
  }
  return { members, isRefused };
}

testWith('go')('random archives have the members, byte for byte, that Go reads', { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder();
  const program = await buildGo('test/services/list-tar/main.go', 'spacectl.example/list-tar');
  const archives = seeds.map((seed) => ({ seed, bytes: randomTar(seed), file: path.join(folder, `${seed}.tar`) }));
  for (const { file, bytes } of archives) await writeFile(file, bytes);
  const { stdout } = await execa(
    program,
    archives.map(({ file }) => file),
  );
  const listings = stdout.split('\n').map((line) => JSON.parse(line) as Listing);
  for (const [index, { seed, bytes }] of archives.entries())
    expect(read(bytes), `SPACECTL_TEST_SEED=${seed}`).toEqual(expected(listings[index] as Listing));
});
