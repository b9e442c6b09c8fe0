/** One member of a layer. `name` goes into the archive exactly as it is, except that directories get their final slash. */
export interface Entry {
  readonly name: string;
  readonly type?: 'file' | 'directory' | 'symlink' | 'hardlink' | 'fifo';
  readonly content?: string | Uint8Array;
  /** What a link points to. */
  readonly target?: string;
  /** How long names and sizes are written; `ustar` unless given, which splits names at 100 bytes. */
  readonly format?: 'ustar' | 'pax' | 'gnu' | 'v7' | 'base-256';
}

export const file = (name: string, content: string | Uint8Array): Entry => ({ name, type: 'file', content });
export const directory = (name: string): Entry => ({ name, type: 'directory' });
export const symlink = (name: string, target: string): Entry => ({ name, type: 'symlink', target });
export const hardlink = (name: string, target: string): Entry => ({ name, type: 'hardlink', target });
/** Removes a path of the layers below. */
export const whiteout = (path: string): Entry => file(path.replace(/[^/]+$/, '.wh.$&'), '');
/** Removes what the layers below have in a directory. */
export const opaque = (path: string): Entry => file(path === '' ? '.wh..wh..opq' : `${path}/.wh..wh..opq`, '');

const FLAGS = { file: '0', hardlink: '1', symlink: '2', directory: '5', fifo: '6' } as const;

/** A tar archive of these members, in this order, with the two zero blocks at its end unless `isOpenEnded`. */
export function buildTar(entries: readonly Entry[], { isOpenEnded = false } = {}): Buffer {
  return Buffer.concat([...entries.map(member), isOpenEnded ? Buffer.alloc(0) : Buffer.alloc(1024)]);
}

function member(entry: Entry): Buffer {
  const { type = 'file', target = '', format = 'ustar' } = entry;
  const name = type === 'directory' && !entry.name.endsWith('/') ? `${entry.name}/` : entry.name;
  const content = Buffer.from(entry.content ?? '');
  const own = header({ name, target, size: content.length, flag: FLAGS[type], format });
  return Buffer.concat([...extensions(name, target, content.length, format), own, padded(content)]);
}

function extensions(name: string, target: string, size: number, format: Entry['format']): Buffer[] {
  if (format === 'gnu') return [longName('L', name), ...(target ? [longName('K', target)] : [])];
  if (format !== 'pax') return [];
  const content = Buffer.concat([
    record('path', name),
    ...(target ? [record('linkpath', target)] : []),
    record('size', `${size}`),
  ]);
  return [
    header({ name: 'PaxHeaders/x', target: '', size: content.length, flag: 'x', format: 'ustar' }),
    padded(content),
  ];
}

function longName(flag: string, name: string): Buffer {
  const content = Buffer.from(`${name}\0`);
  const own = header({ name: '././@LongLink', target: '', size: content.length, flag, format: 'gnu' });
  return Buffer.concat([own, padded(content)]);
}

/** One record of a PAX header: its length counts its own digits. */
function record(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length;
  while (`${length}`.length + rest.length !== length) length = `${length}`.length + rest.length;
  return Buffer.concat([Buffer.from(`${length}`), rest]);
}

interface Header {
  readonly name: string;
  readonly target: string;
  readonly size: number;
  readonly flag: string;
  readonly format: Entry['format'];
}

function header({ name, target, size, flag, format }: Header): Buffer {
  const block = Buffer.alloc(512);
  const isShort = format === 'pax' || format === 'gnu';
  const [prefix, rest] = isShort ? ['', name.slice(0, 50)] : split(name, format);
  block.write(rest, 0, 100);
  block.write('0000755\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  if (format === 'base-256') {
    block.writeUInt8(0x80, 124);
    block.writeUInt32BE(size, 132);
  } else block.write(`${(format === 'pax' ? 0 : size).toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write(' '.repeat(8), 148);
  block.write(format === 'v7' && '05'.includes(flag) ? '\0' : flag, 156);
  block.write(isShort ? target.slice(0, 50) : target, 157, 100);
  if (format === 'gnu') block.write('ustar  \0', 257);
  else if (format !== 'v7') {
    block.write('ustar\x0000', 257, 'latin1');
    block.write(prefix, 345, 155);
  }
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** The two parts of a name in a POSIX header. */
function split(name: string, format: Entry['format']): [string, string] {
  if (Buffer.byteLength(name) <= 100) return ['', name];
  const slash = name.lastIndexOf('/', name.length - 2);
  const at = name.length - slash <= 100 ? name.indexOf('/', name.length - 101) : -1;
  if (format === 'v7' || at < 0 || at > 155) throw new Error(`${name} does not fit a ${format} header`);
  return [name.slice(0, at), name.slice(at + 1)];
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
