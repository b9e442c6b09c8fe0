import { mkdir, open, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { type TarEntry, TarReader } from '../../../src/oci/tar/reader.ts';
import { assembleImage, blob } from '../../services/image.ts';
import { read as readImage } from '../../services/image-in-memory.ts';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';

/** A path of this many bytes, in directories of ten. */
function pathOf(bytes: number, start = ''): string {
  const filled = `${start}${'directory/'.repeat(Math.ceil(bytes / 10))}`.slice(0, bytes - 1);
  return `${filled.replace(/\/$/, '_')}f`;
}

/** Names at and beyond what the formats' fields hold: 100 bytes of name, 155 of prefix, and a block of 512. */
const LENGTHS = [99, 100, 101, 155, 156, 200, 255, 256, 257, 300, 511, 512, 513, 1100] as const;
const BIG = 9 * 1024 ** 3;

/** The entries of an archive, and the texts of its files. Contents of gigabytes are passed over. */
function read(archive: Buffer): { entries: readonly TarEntry[]; texts: ReadonlyMap<string, string> } {
  const entries: TarEntry[] = [];
  const texts = new Map<string, string>();
  const reader = new TarReader((entry) => {
    entries.push(entry);
    if (entry.size > 10_000) return undefined;
    return (chunk) => void texts.set(entry.name, (texts.get(entry.name) ?? '') + chunk.toString());
  });
  // Uneven pieces, so that nothing lines up with the blocks.
  for (let at = 0; at < archive.length; at += 777) reader.write(archive.subarray(at, at + 777));
  reader.end();
  return { entries, texts };
}

/** A tree with a file, a link and a hard link for each length, and the names that they must be read with. */
async function makeTree(lengths: readonly number[]) {
  const root = await temporaryFolder();
  const expected = { files: new Map<string, string>(), links: new Map<string, string>() };
  for (const length of lengths) {
    const [file, target] = [pathOf(length, `${length}/`), pathOf(length, '/target/')];
    await mkdir(path.join(root, path.dirname(file)), { recursive: true });
    await writeFile(path.join(root, file), `file of ${length}`);
    await symlink(target, path.join(root, `link-${length}`));
    expected.files.set(file, `file of ${length}`);
    expected.links.set(`link-${length}`, target);
  }
  return { root, expected };
}

type Tree = Awaited<ReturnType<typeof makeTree>>;

function expectTree({ entries, texts }: ReturnType<typeof read>, { expected }: Tree): void {
  const clean = (name: string) => name.replace(/^\.\//, '');
  const textOf = new Map([...texts].map(([name, text]) => [clean(name), text]));
  expect(textOf).toEqual(expected.files);
  const links = entries.filter(({ kind }) => kind === 'symbolic link');
  expect(new Map(links.map(({ name, linkName }) => [clean(name), linkName]))).toEqual(expected.links);
}

/** What `tar` writes of files in a directory. */
async function archiveOf(root: string, ...args: readonly string[]): Promise<Buffer> {
  return Buffer.from((await execa('tar', ['-C', root, '-cf', '-', ...args], { encoding: 'buffer' })).stdout);
}

testWith('tar').each([
  // ustar holds 100 bytes of a link's target, and a name that splits into 155 and 100.
  ['ustar', '././@LongLink', false, [99, 100] as readonly number[]],
  ['gnu', '././@LongLink', true, LENGTHS],
  ['oldgnu', '././@LongLink', true, LENGTHS],
  ['posix', ' linkpath=', true, LENGTHS],
  ['v7', 'ustar', false, [97, 98] as readonly number[]],
])('names and link targets as GNU tar writes them with --format=%s', async (format, sign, hasSign, lengths) => {
  const tree = await makeTree(lengths.map((length) => (format === 'ustar' || format === 'v7' ? length - 2 : length)));
  const archive = await archiveOf(tree.root, `--format=${format}`, '.');
  expect(archive.includes(sign)).toBe(hasSign);
  expectTree(read(archive), tree);
});

testWith('tar')("a long name in ustar's prefix, as GNU tar writes it", async () => {
  const root = await temporaryFolder();
  const name = `${'a'.repeat(150)}/${'b'.repeat(95)}`;
  await mkdir(path.join(root, path.dirname(name)));
  await writeFile(path.join(root, name), 'found');
  const bytes = await archiveOf(root, '--format=ustar', name);
  expect(bytes.toString('latin1', 345, 345 + 150)).toBe('a'.repeat(150));
  expect([...read(bytes).texts]).toEqual([[name, 'found']]);
});

testWith('tar')('hard links with long names and long targets, as GNU tar writes them', async () => {
  const root = await temporaryFolder();
  const [file, other] = [pathOf(300, 'one/'), pathOf(301, 'two/')];
  for (const each of [file, other]) await mkdir(path.join(root, path.dirname(each)), { recursive: true });
  await writeFile(path.join(root, file), 'content');
  await execa('ln', [path.join(root, file), path.join(root, other)]);
  for (const format of ['gnu', 'posix']) {
    const { entries } = read(await archiveOf(root, `--format=${format}`, file, other));
    const link = entries.find(({ kind }) => kind === 'hard link');
    expect({ name: link?.name, linkName: link?.linkName, size: link?.size }).toEqual({
      name: other,
      linkName: file,
      size: 0,
    });
  }
});

testWith('tar')('a file of more than 8 GiB: base-256 in GNU format, a record in PAX', async () => {
  const root = await temporaryFolder();
  await writeFile(path.join(root, 'big'), '');
  await truncate(path.join(root, 'big'), BIG);
  for (const format of ['gnu', 'posix']) {
    const start = await execa('sh', ['-c', `tar -C "$0" --format=${format} -cf - big | head -c 4096`, root], {
      encoding: 'buffer',
    });
    const entries: TarEntry[] = [];
    const reader = new TarReader((entry) => void entries.push(entry));
    reader.write(Buffer.from(start.stdout));
    expect(entries).toMatchObject([{ kind: 'file', name: 'big', size: BIG }]);
    expect(reader.skippable).toBe(BIG - (4096 - (entries[0]?.offset ?? 0)));
    expect(() => reader.end()).toThrow('ends in the middle of a file');
  }
});

testWith('tar')('a sparse file is known as one, whichever format its map is in', async () => {
  const root = await temporaryFolder();
  const sparse = await open(path.join(root, 'sparse'), 'w');
  // More holes than a header has places for.
  for (let index = 0; index < 40; index++) await sparse.write('x', index * 2 ** 18);
  await sparse.close();
  await writeFile(path.join(root, 'sparse-end'), 'end');
  for (const format of ['--format=gnu', '--format=posix --sparse-version=0.1', '--format=posix --sparse-version=1.0']) {
    const { entries, texts } = read(await archiveOf(root, '--sparse', ...format.split(' '), 'sparse', 'sparse-end'));
    expect(entries.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['other sparse', 'file sparse-end']);
    expect(texts.get('sparse-end')).toBe('end');
  }
});

const PYTHON = `
import io, sys, tarfile
out, form = sys.argv[1], getattr(tarfile, sys.argv[2] + '_FORMAT')
with tarfile.open(out, 'w', format=form, encoding='utf-8') as archive:
    for line in sys.stdin.read().split('\\n'):
        name, _, target = line.partition(' ')
        entry = tarfile.TarInfo(name)
        if target:
            entry.type, entry.linkname = tarfile.SYMTYPE, target
        entry.size = 0 if target else len(name)
        entry.mtime = 1.5
        archive.addfile(entry, io.BytesIO(name.encode()[:entry.size]))
`;

testWith('python3').each(['GNU', 'PAX'])('names and link targets as Python writes them, format %s', async (format) => {
  const archive = path.join(await temporaryFolder(), 'archive.tar');
  const files = LENGTHS.map((length) => pathOf(length, `${length}/`));
  const links = LENGTHS.map((length) => [pathOf(length, 'links/'), pathOf(length, '/target/')] as const);
  const lines = [...files, ...links.map((each) => each.join(' '))];
  await execa('python3', ['-c', PYTHON, archive, format], { input: lines.join('\n') });
  const { entries, texts } = read(await readFile(archive));
  expect(texts).toEqual(new Map(files.map((name) => [name, name])));
  const found = entries.filter(({ kind }) => kind === 'symbolic link').map(({ name, linkName }) => [name, linkName]);
  expect(found).toEqual(links);
});

testWith('tar').each(['gnu', 'posix'])(
  'names that are not UTF-8 are told apart byte by byte, --format=%s',
  async (format) => {
    const root = Buffer.from(`${await temporaryFolder()}/`);
    const at = (...parts: readonly (string | Buffer)[]) =>
      Buffer.concat([root, ...parts.map((each) => Buffer.from(each))]);
    const [one, two] = [Buffer.from([0xfc]), Buffer.from([0xfd])];
    await mkdir(at('etc'));
    for (const name of [one, two]) {
      await mkdir(at(name, '-long'.repeat(40)));
      await writeFile(at(name, '-long'.repeat(40), '/ca.pem'), `in ${name.toString('hex')}`);
    }
    await symlink(
      Buffer.concat([Buffer.from('../'), two, Buffer.from(`${'-long'.repeat(40)}/ca.pem`)]),
      at('etc/cert.pem'),
    );
    await writeFile(at('etc/zürich.pem'), 'in UTF-8');
    const layer = blob(
      'application/vnd.oci.image.layer.v1.tar',
      await archiveOf(root.toString(), `--format=${format}`, '.'),
    );
    const image = assembleImage({ os: 'linux', architecture: 'amd64' }, [layer]);
    const found = await readImage(image, '/etc/cert.pem');
    expect([found.bytes.toString(), found.resolvedPath]).toEqual(['in fd', `/\\xfd${'-long'.repeat(40)}/ca.pem`]);
    expect(await readImage(image, '/etc/zürich.pem')).toMatchObject({
      path: '/etc/zürich.pem',
      resolvedPath: '/etc/zürich.pem',
      bytes: Buffer.from('in UTF-8'),
    });
    await expect(readImage(image, '/etc/none')).rejects.toThrow(
      /It has \/etc\/zürich\.pem, \/\\xf[cd]-long.*\/ca\.pem, \/\\xf[cd]-long/,
    );
  },
);
