import { tlv } from '../../certificate.ts';
import { type Authority, authorityKey, constraints, ID, SUBJECT, subjectKey, usage } from '../authority.ts';
import { bits, boolean, context, integer, nothing, octets, oid, sequence, utf8 } from '../encode.ts';
import { keyIdOf } from '../keys.ts';
import { SOUND, SPKI, UNKNOWN, withMore, withOnly, withOther } from './base.ts';

const SERVER_AUTH = oid('1.3.6.1.5.5.7.3.1');
const CLIENT_AUTH = oid('1.3.6.1.5.5.7.3.2');
const ANY_PURPOSE = oid('2.5.29.37.0');

/** The extensions that make an authority. */
export function oddConstraints(): readonly Authority[] {
  return [
    // basicConstraints.
    withOnly('basicConstraints not critical', { ...constraints, isCritical: false }, usage, subjectKey(SPKI)),
    withOther('a path length of 0', ID.basicConstraints, sequence(boolean(true), integer(0))),
    withOther('a path length of 3', ID.basicConstraints, sequence(boolean(true), integer(3))),
    withOther('a negative path length', ID.basicConstraints, sequence(boolean(true), integer(0xff))),
    withOther(
      'a huge path length',
      ID.basicConstraints,
      sequence(boolean(true), integer(0x7f, 255, 255, 255, 255, 255, 255, 255)),
    ),
    withOther(
      'a path length beyond 64 bits',
      ID.basicConstraints,
      sequence(boolean(true), integer(1, 0, 0, 0, 0, 0, 0, 0, 0)),
    ),
    withOther('TRUE written as 1', ID.basicConstraints, sequence(tlv(0x01, Buffer.from([1])))),
    withOther('not a CA', ID.basicConstraints, sequence()),
    withOther('FALSE written out', ID.basicConstraints, sequence(boolean(false))),
    withOther('basicConstraints with more in it', ID.basicConstraints, sequence(boolean(true), integer(1), nothing)),
    withOther(
      'basicConstraints with bytes after it',
      ID.basicConstraints,
      Buffer.concat([sequence(boolean(true)), nothing]),
    ),
    withOther('basicConstraints of text', ID.basicConstraints, utf8('CA')),
    withOther('empty basicConstraints', ID.basicConstraints, Buffer.alloc(0)),
    withOnly('no basicConstraints', usage, subjectKey(SPKI)),
    withOnly('neither basicConstraints nor keyUsage', subjectKey(SPKI)),
    withOnly(
      'a path length without keyUsage',
      { ...constraints, value: sequence(boolean(true), integer(0)) },
      subjectKey(SPKI),
    ),
    // keyUsage.
    withOnly('no keyUsage', constraints, subjectKey(SPKI)),
    withOther('keyUsage not critical', ID.keyUsage, usage.value, false),
    withOther('keyUsage without keyCertSign', ID.keyUsage, bits(1, 0x02)),
    withOther('keyUsage of all bits', ID.keyUsage, bits(7, 0xff, 0x80)),
    withOther('keyUsage with digitalSignature', ID.keyUsage, bits(1, 0x86)),
    withOther('keyUsage of no bits', ID.keyUsage, bits(0)),
    withOther('keyUsage of zeros', ID.keyUsage, bits(0, 0)),
    withOther('keyUsage with unused bits that are set', ID.keyUsage, bits(1, 0x07)),
    withOther('keyUsage with a needless octet', ID.keyUsage, bits(0, 0x06, 0)),
    withOther('keyUsage of three octets', ID.keyUsage, bits(0, 0x06, 0, 0)),
    withOther('keyUsage with nine unused bits', ID.keyUsage, bits(9, 0x06)),
    withOther('keyUsage as an OCTET STRING', ID.keyUsage, octets(Buffer.from([6]))),
    withOther('keyUsage with bytes after it', ID.keyUsage, Buffer.concat([bits(1, 6), nothing])),
    // Key identifiers.
    withOnly('no subjectKeyIdentifier', constraints, usage),
    withOther('a critical subjectKeyIdentifier', ID.subjectKey, octets(keyIdOf(SPKI)), true),
    withOther('an empty subjectKeyIdentifier', ID.subjectKey, octets()),
    withOther('a long subjectKeyIdentifier', ID.subjectKey, octets(Buffer.alloc(200, 7))),
    withOther('a subjectKeyIdentifier without its OCTET STRING', ID.subjectKey, keyIdOf(SPKI)),
    withOther(
      'a subjectKeyIdentifier with bytes after it',
      ID.subjectKey,
      Buffer.concat([octets(keyIdOf(SPKI)), nothing]),
    ),
    withOther('a subjectKeyIdentifier of text', ID.subjectKey, utf8('key')),
    withMore('an authorityKeyIdentifier', ID.authorityKey, authorityKey(SPKI).value),
    withMore('a critical authorityKeyIdentifier', ID.authorityKey, authorityKey(SPKI).value, true),
    withMore('an authorityKeyIdentifier of another key', ID.authorityKey, sequence(tlv(0x80, Buffer.alloc(20, 3)))),
    withMore('an empty authorityKeyIdentifier', ID.authorityKey, sequence()),
    withMore(
      'an authorityKeyIdentifier of name and number',
      ID.authorityKey,
      sequence(tlv(0x80, keyIdOf(SPKI)), context(1, context(4, SUBJECT)), tlv(0x82, Buffer.from([5]))),
    ),
    withMore(
      'an authorityKeyIdentifier with a name but no number',
      ID.authorityKey,
      sequence(tlv(0x80, keyIdOf(SPKI)), context(1, context(4, SUBJECT))),
    ),
    withMore('an authorityKeyIdentifier of text', ID.authorityKey, utf8('key')),
    withMore(
      'an authorityKeyIdentifier with a constructed key',
      ID.authorityKey,
      sequence(context(0, octets(keyIdOf(SPKI)))),
    ),
    withMore(
      'an authorityKeyIdentifier with an unknown part',
      ID.authorityKey,
      sequence(tlv(0x80, keyIdOf(SPKI)), tlv(0x85, Buffer.from([1]))),
    ),
    withMore(
      'an authorityKeyIdentifier with bytes after it',
      ID.authorityKey,
      Buffer.concat([authorityKey(SPKI).value, nothing]),
    ),
    // Purposes.
    withMore('for servers', ID.purposes, sequence(SERVER_AUTH)),
    withMore('for servers and clients', ID.purposes, sequence(CLIENT_AUTH, SERVER_AUTH)),
    withMore('for any purpose', ID.purposes, sequence(ANY_PURPOSE)),
    withMore('for clients and any purpose', ID.purposes, sequence(CLIENT_AUTH, ANY_PURPOSE)),
    withMore('for clients', ID.purposes, sequence(CLIENT_AUTH)),
    withMore('for an unknown purpose', ID.purposes, sequence(oid(UNKNOWN))),
    withMore("for Netscape's step-up", ID.purposes, sequence(oid('2.16.840.1.113730.4.1'))),
    withMore('for no purpose', ID.purposes, sequence()),
    withMore('for servers, critical', ID.purposes, sequence(SERVER_AUTH), true),
    withMore('purposes of text', ID.purposes, utf8('server')),
    withMore('purposes of numbers', ID.purposes, sequence(integer(1))),
    withMore('purposes with bytes after them', ID.purposes, Buffer.concat([sequence(SERVER_AUTH), nothing])),
    // Combinations of everyday life.
    withOnly('a corporate root of an old script', { ...constraints, isCritical: false }),
    withOnly(
      'a corporate root of openssl req without extensions of CAs',
      subjectKey(SPKI),
      authorityKey(SPKI),
      constraints,
    ),
    withOnly('a root with critical purposes, unknown', ...SOUND, {
      id: ID.purposes,
      value: sequence(oid(UNKNOWN), SERVER_AUTH),
      isCritical: true,
    }),
  ];
}
