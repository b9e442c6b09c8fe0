import { tlv } from '../../certificate.ts';
import { type Authority, constraints, ID, makeAuthority, soundExtensions, subjectKey, usage } from '../authority.ts';
import { boolean, extension, nothing, octets, oid, sequence, utf8 } from '../encode.ts';
import { SOUND, SPKI, UNKNOWN, withOnly } from './base.ts';

/** Extensions that are not written as X.509 wants them. */
export function oddlyWritten(): readonly Authority[] {
  return [
    // How extensions are written.
    withOnly('a duplicate extension', ...SOUND, constraints),
    withOnly(
      'a duplicate unknown extension',
      ...SOUND,
      { id: UNKNOWN, value: nothing },
      { id: UNKNOWN, value: nothing },
    ),
    makeAuthority('critical FALSE written out', {
      extensions: [...soundExtensions(SPKI), sequence(oid(UNKNOWN), boolean(false), octets(nothing))],
    }),
    makeAuthority('critical written as 1', {
      extensions: [
        sequence(oid(ID.basicConstraints), tlv(0x01, Buffer.from([1])), octets(constraints.value)),
        ...[usage, subjectKey(SPKI)].map(extension),
      ],
    }),
    makeAuthority('an extension without a value', { extensions: [...soundExtensions(SPKI), sequence(oid(UNKNOWN))] }),
    makeAuthority('an extension with two values', {
      extensions: [...soundExtensions(SPKI), sequence(oid(UNKNOWN), octets(nothing), octets(nothing))],
    }),
    makeAuthority('an extension as text', {
      extensions: [...soundExtensions(SPKI), sequence(oid(UNKNOWN), utf8('x'))],
    }),
    makeAuthority('an extension whose identifier is padded', {
      extensions: [...soundExtensions(SPKI), sequence(tlv(0x06, Buffer.from([0x2a, 0x80, 0x03])), octets(nothing))],
    }),
    makeAuthority('an extension without an identifier', {
      extensions: [...soundExtensions(SPKI), sequence(tlv(0x06), octets(nothing))],
    }),
    makeAuthority('an extension with a huge identifier', {
      extensions: [
        ...soundExtensions(SPKI),
        sequence(tlv(0x06, Buffer.from('2a8fffffffffffffffff7f', 'hex')), octets(nothing)),
      ],
    }),
    makeAuthority('an extension with an identifier of 160 octets', {
      extensions: [
        ...soundExtensions(SPKI),
        sequence(tlv(0x06, Buffer.concat([Buffer.from([0x2a]), Buffer.alloc(159, 3)])), octets(nothing)),
      ],
    }),
  ];
}
