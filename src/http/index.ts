/** The only door to HTTP: it handles proxies, private CAs, timeouts, redirects and retries. */
export { discard, readBody } from './body.ts';
export {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
  LONGEST_TRANSFER,
} from './client.ts';
export { describeFailure, explanationIn } from './explanation.ts';
export { failedStatus } from './failure.ts';
export { performHandshake, performHandshakeLikeGo, type VerifiedHandshake } from './handshake.ts';
export { isLoopback } from './loopback.ts';
export { networksOf } from './network.ts';
export { nodeRootCertificates } from './node-roots.ts';
export { proxyFor } from './proxy.ts';
export { type FailureKind, failureKind, isNotTls, isTooSlow, requiresClientCertificate } from './reasons.ts';
export type { HttpResponse } from './response.ts';
export { isUnsent, pauseBefore } from './retry.ts';
export type { Handshake, HandshakeTarget } from './tls/shake.ts';
export type { ClientCertificate } from './trust.ts';
export { fetchWhole, requestWhole, type WholeResponse } from './whole.ts';
