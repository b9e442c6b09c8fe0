import { tlv } from '../../certificate.ts';
import { type Authority, ID } from '../authority.ts';
import { context, contextText, nothing, oid, sequence, utf8 } from '../encode.ts';
import { directoryName, uri, withMore } from './base.ts';

/** Alternative names and name constraints. */
export function oddAlternativeNames(): readonly Authority[] {
  return [
    // Alternative names.
    withMore('an alternative name', ID.alternativeNames, sequence(contextText(2, 'ca.example.com'))),
    withMore('a mail address as alternative name', ID.alternativeNames, sequence(contextText(1, 'ca@example.com'))),
    withMore('an address', ID.alternativeNames, sequence(tlv(0x87, Buffer.from([10, 0, 0, 1])))),
    withMore('an address of 5 octets', ID.alternativeNames, sequence(tlv(0x87, Buffer.from([10, 0, 0, 1, 2])))),
    withMore(
      'an IPv4 address as IPv6',
      ID.alternativeNames,
      sequence(tlv(0x87, Buffer.from('00000000000000000000ffff0a000001', 'hex'))),
    ),
    withMore('no alternative name in the list', ID.alternativeNames, sequence()),
    withMore('alternative names of text', ID.alternativeNames, utf8('ca')),
    withMore('an umlaut in an alternative name', ID.alternativeNames, sequence(contextText(2, 'm\u00fcller.example'))),
    withMore('a URI as alternative name', ID.alternativeNames, sequence(uri('http://ca.example.com/x'))),
    withMore('a broken URI as alternative name', ID.alternativeNames, sequence(uri('http://[::1/x'))),
    withMore('a URI with a space', ID.alternativeNames, sequence(uri('http://ca example.com/'))),
    withMore('a URI with a percent sign', ID.alternativeNames, sequence(uri('http://ca.example.com/%zz'))),
    withMore('a URI of an IPv6 address', ID.alternativeNames, sequence(uri('http://[fd00::1]/x'))),
    withMore('a URN', ID.alternativeNames, sequence(uri('urn:uuid:0'))),
    withMore('a directory name', ID.alternativeNames, sequence(directoryName)),
    withMore('a directory name, critical', ID.alternativeNames, sequence(directoryName), true),
    withMore(
      'another kind of name',
      ID.alternativeNames,
      sequence(context(0, oid('1.3.6.1.4.1.311.20.2.3'), context(0, utf8('ca@example.com')))),
    ),
    withMore('another kind of name, broken', ID.alternativeNames, sequence(context(0, utf8('x')))),
    withMore('an alternative name of an unknown tag', ID.alternativeNames, sequence(contextText(9, 'x'))),
    withMore('a registered identifier', ID.alternativeNames, sequence(tlv(0x88, Buffer.from([42, 3])))),
    withMore('an empty alternative name', ID.alternativeNames, sequence(contextText(2, ''))),
    withMore("an issuer's alternative name", ID.issuerNames, sequence(contextText(1, 'ca@example.com'))),
    withMore("an issuer's alternative names of text", ID.issuerNames, utf8('x')),
    // Name constraints.
    ...nameConstraints(),
  ];
}

function nameConstraints(): readonly Authority[] {
  const permitted = (...names: readonly Buffer[]) => sequence(context(0, ...names.map((each) => sequence(each))));
  const excluded = (...names: readonly Buffer[]) => sequence(context(1, ...names.map((each) => sequence(each))));
  const dns = (text: string) => contextText(2, text);
  const address = (...octetsOf: readonly number[]) => tlv(0x87, Buffer.from(octetsOf));
  const table: readonly (readonly [string, Buffer])[] = [
    ['the server permitted', permitted(dns('server.test'))],
    ['the domain permitted', permitted(dns('test'))],
    ['the domain permitted, with a dot', permitted(dns('.test'))],
    ['another domain permitted', permitted(dns('example.com'))],
    ['another domain excluded', excluded(dns('example.com'))],
    ['an address permitted', permitted(address(10, 0, 0, 0, 255, 0, 0, 0))],
    ['an address with a broken mask', permitted(address(10, 0, 0, 0, 255, 0, 255, 0))],
    ['an address of 5 octets', permitted(address(10, 0, 0, 0, 255))],
    ['a directory name permitted', permitted(directoryName)],
    ['a mail domain permitted', permitted(contextText(1, 'example.com'))],
    ['a URI permitted', permitted(uri('example.com'))],
    ['a broken URI permitted', permitted(uri('10.0.0.1'))],
    ['an umlaut', permitted(dns('m\u00fcller.test'))],
    ['an empty domain excluded', excluded(dns(''))],
    ['an underscore', permitted(dns('test'), dns('a_b.test'))],
    ['a space', permitted(dns('test'), dns('a b.test'))],
    ['nothing', sequence()],
    ['an empty list', sequence(context(0))],
    ['text', utf8('test')],
    ['a minimum', sequence(context(0, sequence(dns('test'), tlv(0x80, Buffer.from([1])))))],
    ['bytes after it', Buffer.concat([permitted(dns('test')), nothing])],
  ];
  return table.flatMap(([title, value]) => [
    withMore(`name constraints, critical: ${title}`, ID.nameConstraints, value, true),
    withMore(`name constraints: ${title}`, ID.nameConstraints, value),
  ]);
}
