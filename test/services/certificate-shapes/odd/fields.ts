import { tlv } from '../../certificate.ts';
import { type Authority, makeAuthority, VALID } from '../authority.ts';
import { integer, sequence, time } from '../encode.ts';

const dated = (title: string, tag: number, from: string, to: string) =>
  makeAuthority(title, { validity: sequence(tlv(tag, Buffer.from(from)), tlv(tag, Buffer.from(to))) });

/** Versions, serial numbers and dates. */
export function oddFields(): readonly Authority[] {
  return [
    // Versions and serial numbers.
    makeAuthority('version 1', { version: undefined, extensions: undefined }),
    makeAuthority('version 1, written out', { version: integer(0), extensions: undefined }),
    makeAuthority('version 1 with extensions', { version: undefined }),
    makeAuthority('version 2', { version: integer(1), extensions: undefined }),
    makeAuthority('version 2 with extensions', { version: integer(1) }),
    makeAuthority('version 4', { version: integer(3) }),
    makeAuthority('version 0', { version: integer(0xff) }),
    makeAuthority('version 3 without extensions', { extensions: undefined }),
    makeAuthority('version 3 with an empty list of extensions', { extensions: [] }),
    makeAuthority('serial number 0', { serial: integer(0) }),
    makeAuthority('a negative serial number', { serial: integer(0x80, 1) }),
    makeAuthority('a serial number of 21 octets', { serial: integer(1, ...new Array(20).fill(5)) }),
    makeAuthority('a serial number of 64 octets', { serial: integer(1, ...new Array(63).fill(5)) }),
    makeAuthority('a serial number of 200 octets', { serial: integer(1, ...new Array(199).fill(5)) }),
    makeAuthority('a serial number that begins with a needless zero', { serial: integer(0, 1) }),
    makeAuthority('an empty serial number', { serial: tlv(0x02) }),
    makeAuthority('unique identifiers', {
      uniqueIds: [tlv(0x81, Buffer.from([0, 1])), tlv(0x82, Buffer.from([0, 2]))],
    }),
    makeAuthority('unique identifiers in version 1', {
      version: undefined,
      extensions: undefined,
      uniqueIds: [tlv(0x81, Buffer.from([0, 1]))],
    }),
    // Dates.
    dated('UTCTime', 0x17, '200101000000Z', '490101000000Z'),
    dated('month 13', 0x17, '201301000000Z', '490101000000Z'),
    dated('month 0', 0x17, '200001000000Z', '490101000000Z'),
    dated('30 February', 0x17, '200230000000Z', '490101000000Z'),
    dated('29 February of a common year', 0x17, '210229000000Z', '490101000000Z'),
    dated('hour 24', 0x17, '200101240000Z', '490101000000Z'),
    dated('second 60', 0x17, '200101000060Z', '490101000000Z'),
    dated('no seconds', 0x17, '2001010000Z', '4901010000Z'),
    dated('a time zone', 0x17, '200101000000+0100', '490101000000+0100'),
    dated('no Z', 0x17, '200101000000', '490101000000'),
    dated('GeneralizedTime before 2050', 0x18, '20200101000000Z', '20490101000000Z'),
    dated('GeneralizedTime with fractions', 0x18, '20200101000000.5Z', '20490101000000.5Z'),
    dated('GeneralizedTime without seconds', 0x18, '202001010000Z', '204901010000Z'),
    dated('GeneralizedTime with a time zone', 0x18, '20200101000000+0000', '20490101000000+0000'),
    dated('until the end of time', 0x18, '20200101000000Z', '99991231235959Z'),
    dated('since the year 0', 0x18, '00000101000000Z', '20490101000000Z'),
    dated('since the year 1', 0x18, '00010101000000Z', '20490101000000Z'),
    dated('since 1950', 0x17, '500101000000Z', '490101000000Z'),
    dated('since 1900', 0x18, '19000101000000Z', '20490101000000Z'),
    makeAuthority('UTCTime, then GeneralizedTime', {
      validity: sequence(time(new Date('2020-01-01')), time(new Date('2060-01-01'))),
    }),
    makeAuthority('a third time', { validity: sequence(VALID.subarray(2), time(new Date('2049-01-01'))) }),
  ];
}
