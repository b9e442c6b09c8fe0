import { badImage } from '../bad-image.ts';
import { readText, type TarHeader } from './header.ts';

/** The extension headers of the entry that follows them. */
export interface Extension {
  /** Records of a PAX header (POSIX.1-2001, pax: extended header), one character per byte. */
  pax?: ReadonlyMap<string, string>;
  /** GNU long names. */
  longName?: string;
  longLinkName?: string;
}

/**
 * Adds an extension header to those before it; the last one of a kind wins. To Go, a global header is an entry itself: it
 * takes the headers before it, and has no effect on the entries after it (Go 1.19, archive/tar, Reader.next).
 * @throws UserError `SPACECTL_BAD_IMAGE`
 */
export function addExtensionHeader(before: Extension, flag: string, content: Buffer): Extension {
  if (flag === 'L') return { ...before, longName: readText(content, 0, content.length) };
  if (flag === 'K') return { ...before, longLinkName: readText(content, 0, content.length) };
  const pax = readRecords(content);
  return flag === 'g' ? {} : { ...before, pax };
}

/** Applies extensions to a header. As in Go, empty records leave a field as it is, and GNU's names win. */
export function applyExtension(header: TarHeader, { pax, longName, longLinkName }: Extension): TarHeader {
  const size = pax?.get('size');
  if (size && !/^\d{1,15}$/.test(size))
    throw badImage(`A layer has an entry with an invalid size: ${size.slice(0, 40)}`);
  return {
    ...header,
    name: longName || pax?.get('GNU.sparse.name') || pax?.get('path') || header.name,
    linkName: longLinkName || pax?.get('linkpath') || header.linkName,
    size: size ? Number(size) : header.size,
    isSparse: header.isSparse || (pax?.has('GNU.sparse.major') ?? false) || (pax?.has('GNU.sparse.map') ?? false),
  };
}

/** Reads records of the form `LENGTH KEY=VALUE\n`, whose length includes itself. */
function readRecords(content: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let offset = 0; offset < content.length; ) {
    const blank = content.indexOf(0x20, offset);
    const digits = content.toString('latin1', offset, Math.max(offset, blank));
    const end = offset + Number(digits);
    const equals = content.indexOf(0x3d, blank);
    const isWhole = /^\d{1,9}$/.test(digits) && end <= content.length && content[end - 1] === 0x0a;
    if (blank < 0 || !isWhole || equals < 0 || equals >= end)
      throw badImage('A layer is damaged: it has an invalid PAX header');
    const key = content.toString('latin1', blank + 1, equals);
    const value = content.toString('latin1', equals + 1, end - 1);
    if (key === '' || key.includes('\0') || (/^(path|linkpath)$/.test(key) && value.includes('\0'))) {
      throw badImage('A layer is damaged: it has an invalid PAX header');
    }
    records.set(key, value);
    offset = end;
  }
  return records;
}
