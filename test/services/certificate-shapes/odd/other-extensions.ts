import { tlv } from '../../certificate.ts';
import { type Authority, ID } from '../authority.ts';
import { bits, context, ia5, integer, nothing, octets, oid, sequence, utf8 } from '../encode.ts';
import { directoryName, UNKNOWN, uri, withMore } from './base.ts';

const revocationLists = (...names: readonly Buffer[]) => sequence(sequence(context(0, context(0, ...names))));
const information = (method: string, ...rest: readonly Buffer[]) => sequence(oid(method), ...rest);

/** Extensions that say more of an authority, and those that readers do not know. */
export function oddExtensions(): readonly Authority[] {
  return [
    // Where to find more.
    withMore('a revocation list', ID.revocationLists, revocationLists(uri('http://ca.example.com/ca.crl'))),
    withMore(
      'revocation lists by LDAP and HTTP',
      ID.revocationLists,
      revocationLists(uri('ldap:///CN=x?y?z'), uri('http://ca.example.com/ca.crl')),
    ),
    withMore('a revocation list without a place', ID.revocationLists, sequence(sequence())),
    withMore(
      'a revocation list with reasons alone',
      ID.revocationLists,
      sequence(sequence(tlv(0x81, Buffer.from([1, 6])))),
    ),
    withMore('no revocation list in the list', ID.revocationLists, sequence()),
    withMore('revocation lists of text', ID.revocationLists, utf8('http://ca.example.com/')),
    withMore('a revocation list in the wrong place', ID.revocationLists, sequence(uri('http://ca.example.com/'))),
    withMore('a revocation list by directory name', ID.revocationLists, revocationLists(directoryName)),
    withMore(
      'a revocation list relative to its issuer',
      ID.revocationLists,
      sequence(sequence(context(0, context(1, sequence(oid('2.5.4.3'), utf8('x')))))),
    ),
    withMore('a revocation list with an empty place', ID.revocationLists, sequence(sequence(context(0)))),
    withMore(
      'a revocation list, critical',
      ID.revocationLists,
      revocationLists(uri('http://ca.example.com/ca.crl')),
      true,
    ),
    withMore(
      'an umlaut in the place of a revocation list',
      ID.revocationLists,
      revocationLists(uri('http://m\u00fcller/')),
    ),
    withMore(
      'authority information',
      ID.authorityInformation,
      sequence(information('1.3.6.1.5.5.7.48.1', uri('http://ocsp.example.com'))),
    ),
    withMore(
      'authority information, critical',
      ID.authorityInformation,
      sequence(information('1.3.6.1.5.5.7.48.1', uri('http://ocsp.example.com'))),
      true,
    ),
    withMore('no authority information in the list', ID.authorityInformation, sequence()),
    withMore('authority information of text', ID.authorityInformation, utf8('http://ocsp.example.com')),
    withMore(
      'authority information without a place',
      ID.authorityInformation,
      sequence(information('1.3.6.1.5.5.7.48.1')),
    ),
    withMore(
      'authority information without a method',
      ID.authorityInformation,
      sequence(sequence(uri('http://ocsp.example.com'))),
    ),
    withMore(
      'authority information by name',
      ID.authorityInformation,
      sequence(information('1.3.6.1.5.5.7.48.2', directoryName)),
    ),
    // Policies.
    withMore('a policy', ID.policies, sequence(sequence(oid('2.5.29.32.0')))),
    withMore(
      'a policy with its place',
      ID.policies,
      sequence(sequence(oid('1.3.6.1.4.1.99999.5'), sequence(sequence(oid('1.3.6.1.5.5.7.2.1'), ia5('http://x/'))))),
    ),
    withMore('a policy twice', ID.policies, sequence(sequence(oid('2.5.29.32.0')), sequence(oid('2.5.29.32.0')))),
    withMore('no policy in the list', ID.policies, sequence()),
    withMore('policies of text', ID.policies, utf8('x')),
    withMore('policies, critical', ID.policies, sequence(sequence(oid(UNKNOWN))), true),
    withMore('policies of text, critical', ID.policies, utf8('x'), true),
    withMore('policy constraints', ID.policyConstraints, sequence(tlv(0x80, Buffer.from([0]))), true),
    withMore('policy constraints for later', ID.policyConstraints, sequence(tlv(0x80, Buffer.from([5]))), true),
    withMore('policy constraints, not critical', ID.policyConstraints, sequence(tlv(0x80, Buffer.from([0])))),
    withMore('policy constraints on mapping', ID.policyConstraints, sequence(tlv(0x81, Buffer.from([0])))),
    withMore('policy constraints of text', ID.policyConstraints, utf8('x')),
    withMore('policy mappings', ID.policyMappings, sequence(sequence(oid(UNKNOWN), oid('1.3.6.1.4.1.99999.6')))),
    withMore('policy mappings of text', ID.policyMappings, utf8('x')),
    withMore(
      'policy mappings, critical',
      ID.policyMappings,
      sequence(sequence(oid(UNKNOWN), oid('1.3.6.1.4.1.99999.6'))),
      true,
    ),
    withMore('inhibitAnyPolicy', ID.anyPolicy, integer(0), true),
    withMore('inhibitAnyPolicy of text', ID.anyPolicy, utf8('x')),
    withMore('a negative inhibitAnyPolicy', ID.anyPolicy, integer(0xff)),
    // Other extensions.
    withMore('an unknown extension', UNKNOWN, utf8('x')),
    withMore('an unknown extension of no DER', UNKNOWN, Buffer.from('not DER')),
    withMore('an unknown critical extension', UNKNOWN, nothing, true),
    withMore("Microsoft's CA version", '1.3.6.1.4.1.311.21.1', integer(0)),
    withMore("Microsoft's template", '1.3.6.1.4.1.311.20.2', tlv(0x1e, Buffer.from('\0C\0A', 'latin1'))),
    withMore('a Netscape comment', '2.16.840.1.113730.1.13', ia5('made here')),
    withMore('a Netscape type of CA', '2.16.840.1.113730.1.1', bits(0, 0x07)),
    withMore('a Netscape type of server', '2.16.840.1.113730.1.1', bits(6, 0x40)),
    withMore('a Netscape type of text', '2.16.840.1.113730.1.1', utf8('x')),
    withMore('a Netscape type, critical', '2.16.840.1.113730.1.1', bits(0, 0x07), true),
    withMore('proxy information', '1.3.6.1.5.5.7.1.14', sequence(sequence(oid('1.3.6.1.5.5.7.21.1'))), true),
    withMore('a TLS feature', '1.3.6.1.5.5.7.1.24', sequence(integer(5))),
    withMore('TLS features of text', '1.3.6.1.5.5.7.1.24', utf8('x')),
    withMore('no OCSP for it', '1.3.6.1.5.5.7.48.1.5', nothing),
    withMore('no OCSP for it, critical', '1.3.6.1.5.5.7.48.1.5', nothing, true),
    withMore('a period of the private key', '2.5.29.16', sequence(tlv(0x80, Buffer.from('20200101000000Z')))),
    withMore(
      'a period of the private key, critical',
      '2.5.29.16',
      sequence(tlv(0x80, Buffer.from('20200101000000Z'))),
      true,
    ),
    withMore('address blocks', '1.3.6.1.5.5.7.1.7', sequence(sequence(octets(Buffer.from([0, 1])), nothing)), true),
    withMore('address blocks of text', '1.3.6.1.5.5.7.1.7', utf8('x')),
    withMore('freshest revocation list', '2.5.29.46', revocationLists(uri('http://ca.example.com/delta.crl'))),
    withMore(
      'freshest revocation list, critical',
      '2.5.29.46',
      revocationLists(uri('http://ca.example.com/delta.crl')),
      true,
    ),
    withMore('names of the subject', '2.5.29.9', sequence(sequence(oid(UNKNOWN), tlv(0x31, utf8('x')))), true),
  ];
}
