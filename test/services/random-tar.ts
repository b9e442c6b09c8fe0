import { random } from './random-layers.ts';

/** A header of a tar archive with what follows it: the bytes of every field as they are. */
interface Header {
  readonly flag: string;
  readonly name: Buffer;
  readonly target?: Buffer;
  readonly prefix?: Buffer;
  readonly content?: Buffer;
  readonly magic: string;
}

const USTAR = 'ustar\x0000';
const GNU = 'ustar  \0';
const V7 = '\0'.repeat(8);

function blocks({ flag, name, target, prefix, content = Buffer.alloc(0), magic }: Header): Buffer {
  const block = Buffer.alloc(512);
  name.copy(block, 0, 0, 100);
  block.write('0000644\0', 100);
  block.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write(flag, 156, 'latin1');
  target?.copy(block, 157, 0, 100);
  block.write(magic, 257, 'latin1');
  prefix?.copy(block, 345, 0, 155);
  block.write(' '.repeat(8), 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([block, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** A record of a PAX header: its length counts its own digits. */
function record(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  while (`${length}`.length + rest.length !== length) length = `${length}`.length + rest.length;
  return Buffer.concat([Buffer.from(`${length}`), rest]);
}

/**
 * Archives that mix everything that names a member: fields of four formats, GNU's long names, PAX headers for one member and
 * for all, in any order; with names of any bytes.
 */
export function randomTar(seed: number): Buffer {
  const below = random(seed);
  const pick = <T>(...values: readonly T[]): T => values[below(values.length)] as T;
  const part = () =>
    pick(Buffer.from('etc'), Buffer.from('zürich'), Buffer.from([0x7a, 0xfc]), Buffer.from([0xff, 0xc3, 0x28]));
  const name = () => Buffer.concat([part(), Buffer.from(pick('', '/', '/./', '/x')), pick(part(), Buffer.alloc(0))]);
  const long = () => Buffer.concat([name(), Buffer.from('/long'.repeat(pick(1, 30))), part()]);
  const ended = (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('\0')]);
  const content = () => Buffer.from(pick('', 'x', 'content '.repeat(80)));
  const records = () =>
    Buffer.concat(
      Array.from({ length: 1 + below(3) }, () => {
        const key = pick('path', 'linkpath', 'comment', 'mtime');
        return record(key, key === 'mtime' ? Buffer.from('1.5') : pick(long(), Buffer.alloc(0), name()));
      }),
    );
  const member = (): Buffer => {
    const magic = pick(USTAR, USTAR, GNU, V7);
    const flag = pick('0', '0', '\0', '5', '1', '2', '6');
    const isLink = flag === '1' || flag === '2';
    return blocks({
      flag,
      name: name(),
      magic,
      ...(isLink && { target: name() }),
      ...(magic === USTAR && below(3) === 0 && { prefix: name() }),
      ...('0\0'.includes(flag) && { content: content() }),
    });
  };
  const extension = (): Buffer => {
    const flag = pick('L', 'K', 'x', 'g');
    const isGnu = 'LK'.includes(flag);
    const own = isGnu ? pick(ended(long()), long(), ended(Buffer.alloc(0))) : records();
    return blocks({ flag, name: Buffer.from('././@LongLink'), magic: isGnu ? GNU : USTAR, content: own });
  };
  const all = Array.from({ length: 1 + below(4) }, () => [
    ...Array.from({ length: below(4) }, extension),
    member(),
  ]).flat();
  return Buffer.concat([...all, Buffer.alloc(pick(0, 1024, 1024))]);
}
