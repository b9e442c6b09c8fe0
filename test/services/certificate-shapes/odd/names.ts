import { tlv } from '../../certificate.ts';
import { type Authority, makeAuthority } from '../authority.ts';
import { bits, ia5, integer, name, oid, printable, sequence, utf8 } from '../encode.ts';
import { UNKNOWN } from './base.ts';

type Part = readonly [string, Buffer];
const named = (title: string, ...parts: readonly Part[]) => makeAuthority(title, { subject: name(...parts) });

/** Names of every type of string, right and wrong. */
export function oddNames(): readonly Authority[] {
  return [
    // Names.
    named('an underscore in PrintableString', ['CN', printable('Example_Root')]),
    named('an at sign in PrintableString', ['CN', printable('root@example.com')]),
    named('an asterisk in PrintableString', ['CN', printable('Example *')]),
    named('an ampersand in PrintableString', ['CN', printable('Example & Sons')]),
    named('a slash in PrintableString', ['CN', printable('Example/Sons')]),
    named('an umlaut in PrintableString', ['CN', printable('M\u00fcller')]),
    named('broken UTF-8', ['CN', tlv(0x0c, Buffer.from([0x4d, 0xfc, 0x6c]))]),
    named('UTF-8 with an umlaut', ['CN', utf8('Müller')]),
    named('a surrogate in UTF-8', ['CN', tlv(0x0c, Buffer.from([0xed, 0xa0, 0x80]))]),
    named('TeletexString', ['CN', tlv(0x14, Buffer.from('M\u00fcller', 'latin1'))]),
    named('BMPString', ['CN', tlv(0x1e, Buffer.from('\0R\0o\0o\0t', 'latin1'))]),
    named('BMPString of an odd length', ['CN', tlv(0x1e, Buffer.from('\0R\0', 'latin1'))]),
    named('BMPString with a surrogate', ['CN', tlv(0x1e, Buffer.from([0xd8, 0, 0xdc, 0]))]),
    named('UniversalString', ['CN', tlv(0x1c, Buffer.from('\0\0\0R', 'latin1'))]),
    named('UniversalString of an odd length', ['CN', tlv(0x1c, Buffer.from('\0\0R', 'latin1'))]),
    named('NumericString', ['CN', tlv(0x12, Buffer.from('12 34'))]),
    named('NumericString with a letter', ['CN', tlv(0x12, Buffer.from('12a'))]),
    named('VisibleString', ['CN', tlv(0x1a, Buffer.from('Root'))]),
    named('IA5String', ['CN', ia5('Root')]),
    named('IA5String with an umlaut', ['CN', ia5('M\u00fcller')]),
    named('domain components', ['DC', ia5('com')], ['DC', ia5('example')], ['CN', utf8('Root')]),
    named('a mail address', ['CN', utf8('Root')], ['emailAddress', ia5('ca@example.com')]),
    named('an empty value', ['CN', utf8('')]),
    named('a name of 70 characters', ['CN', utf8('x'.repeat(70))]),
    named('a name of 300 characters', ['CN', utf8('x'.repeat(300))]),
    named('a country of three letters', ['C', printable('DEU')], ['CN', utf8('Root')]),
    named('a country as UTF8String', ['C', utf8('DE')], ['CN', utf8('Root')]),
    named('a NUL in the name', ['CN', utf8('Ro\0ot')]),
    named('control characters in the name', ['CN', utf8('Ro\u0007ot')]),
    named('an unknown attribute', [UNKNOWN, utf8('x')], ['CN', utf8('Root')]),
    named('an INTEGER as a value', ['CN', integer(5)]),
    named('a BIT STRING as a value', ['2.5.4.45', bits(0, 5)], ['CN', utf8('Root')]),
    named('a SEQUENCE as a value', [UNKNOWN, sequence(utf8('x'))], ['CN', utf8('Root')]),
    makeAuthority('an empty name', { subject: sequence() }),
    makeAuthority('an empty set in the name', {
      subject: sequence(tlv(0x31), tlv(0x31, sequence(oid('2.5.4.3'), utf8('Root')))),
    }),
    makeAuthority('two attributes in one set', {
      subject: sequence(tlv(0x31, sequence(oid('2.5.4.3'), utf8('Root')), sequence(oid('2.5.4.10'), utf8('Example')))),
    }),
    makeAuthority('two attributes in one set, not sorted', {
      subject: sequence(tlv(0x31, sequence(oid('2.5.4.10'), utf8('Example')), sequence(oid('2.5.4.3'), utf8('A')))),
    }),
    makeAuthority('an attribute without a value', { subject: sequence(tlv(0x31, sequence(oid('2.5.4.3')))) }),
    makeAuthority('an attribute with two values', {
      subject: sequence(tlv(0x31, sequence(oid('2.5.4.3'), utf8('Root'), utf8('Root')))),
    }),
    makeAuthority('an issuer in other characters', { issuer: name(['O', utf8('Example_')], ['CN', printable('a_b')]) }),
  ];
}
