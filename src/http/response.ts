import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** A response as it was sent: the body is not decoded, so that digests can be computed over it. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The URL after redirects. */
  readonly url: URL;
  /** Must be read to its end or destroyed, or the connection stays busy. Its errors are `UserError`s. */
  readonly body: Readable;
  /** The server's certificate, for https. Its issuer shows whether a proxy inspects the traffic. */
  readonly certificate?: { readonly issuer: string; readonly notAfter: Date };
}
