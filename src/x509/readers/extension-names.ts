/** Object identifiers of extensions that readers look into (RFC 5280, 4.2). */
export const ID = {
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  alternativeNames: '2.5.29.17',
  issuerNames: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  revocationLists: '2.5.29.31',
  policies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKey: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  purposes: '2.5.29.37',
  anyPolicy: '2.5.29.54',
  authorityInformation: '1.3.6.1.5.5.7.1.1',
  addressBlocks: '1.3.6.1.5.5.7.1.7',
  systemNumbers: '1.3.6.1.5.5.7.1.8',
  proxyInformation: '1.3.6.1.5.5.7.1.14',
  tlsFeatures: '1.3.6.1.5.5.7.1.24',
  noRevocationCheck: '1.3.6.1.5.5.7.48.1.5',
  netscapeType: '2.16.840.1.113730.1.1',
} as const;

/** How messages name extensions. */
const EXTENSION_NAMES: Readonly<Record<string, string>> = {
  [ID.subjectKey]: 'subjectKeyIdentifier',
  [ID.keyUsage]: 'keyUsage',
  [ID.alternativeNames]: 'subjectAltName',
  [ID.issuerNames]: 'issuerAltName',
  [ID.basicConstraints]: 'basicConstraints',
  [ID.nameConstraints]: 'nameConstraints',
  [ID.revocationLists]: 'cRLDistributionPoints',
  [ID.policies]: 'certificatePolicies',
  [ID.policyMappings]: 'policyMappings',
  [ID.authorityKey]: 'authorityKeyIdentifier',
  [ID.policyConstraints]: 'policyConstraints',
  [ID.purposes]: 'extKeyUsage',
  [ID.anyPolicy]: 'inhibitAnyPolicy',
  [ID.authorityInformation]: 'authorityInfoAccess',
  [ID.addressBlocks]: 'ipAddrBlocks',
  [ID.systemNumbers]: 'autonomousSysIds',
  [ID.proxyInformation]: 'proxyCertInfo',
  [ID.tlsFeatures]: 'tlsfeature',
  [ID.noRevocationCheck]: 'ocsp-nocheck',
  [ID.netscapeType]: 'nsCertType',
};

/** Names an extension for messages; those without a known name by their identifier. */
export function extensionName(id: string): string {
  return EXTENSION_NAMES[id] ?? id;
}
