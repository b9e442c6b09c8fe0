/** The one door to HTTP: proxies, private certificate authorities, time-outs, redirects and retries live here. */
export { discard, readBody } from './body.ts';
export { createHttpClient, type HttpClient, type HttpClientOptions, type HttpRequest } from './client.ts';
export { failedStatus } from './failure.ts';
export { type Handshake, shakeHands } from './handshake.ts';
export { isLoopback } from './loopback.ts';
export { nodeRootCertificates } from './node-roots.ts';
export { speaksNoTls, wantsClientCertificate } from './reasons.ts';
export type { HttpResponse } from './response.ts';
export { pauseBefore } from './retry.ts';
export type { ClientCertificate } from './trust.ts';
