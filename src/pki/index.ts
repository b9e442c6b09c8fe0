/** The worker pool's key pair, certificate signing request and token. */
export { encodeBase64 } from './base64.ts';
export { encoding } from './encode.ts';
export { type Inspected, inspectToken } from './inspect.ts';
export { CSR_FILE, DEFAULT_BITS, KEY_FILE, keyInputs, keypair, privateKey, subjectOf } from './keypair-step.ts';
export { checkKeyMatch, isRequest, isTokenForKey, makeKey } from './lazy.ts';
export { makeRequest } from './requests.ts';
export { readToken, type Token } from './token.ts';
export {
  describeEnvironment,
  ENVIRONMENTS,
  type Environment,
  environmentOf,
  isSelfHosted,
} from './token-environment.ts';
