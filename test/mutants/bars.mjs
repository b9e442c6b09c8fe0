/** How many of a module's mutants have to be noticed, in percent: the more a user's trust depends on it, the more. */
const BARS = {
  95: [
    'ca-bundle/bundle',
    'ca-bundle/probe/go-verdict',
    'ca-bundle/probe/openssl-verdict',
    'ca-bundle/custom/policy',
    'render/format/environment-file',
  ],
  90: [
    'x509/pem',
    'x509/certificate-authority',
    'pki/subject',
    'step/ask',
    'step/answer-one',
    'step/put-question',
    'step/read-answer',
    'step/earlier',
    'step/incomplete',
    'step/given',
    'http/client',
    'spacelift/api/client',
    'oci/registry/authorization',
  ],
  88: [
    'files/write',
    'launcher/openpgp',
    'oci/registry/credentials',
    'spacelift/login/credentials',
    'spacelift/api/session',
    'render/format/template',
  ],
  85: [
    'oci/tree/apply',
    'oci/tar/header',
    'oci/archive/stored-image',
    'pki/csr',
    'ca-bundle/lock/lock',
    'ca-bundle/lock/read-lock',
  ],
};

const OTHERS = 80;

/** Modules with a bar of their own. */
export const PROMISED = Object.values(BARS).flatMap((names) => names.map((name) => `src/${name}.ts`));

/** @param {string} module path from the root */
export function barOf(module) {
  const [bar] = Object.entries(BARS).find(([, names]) => names.some((name) => module === `src/${name}.ts`)) ?? [];
  return bar === undefined ? OTHERS : Number(bar);
}
