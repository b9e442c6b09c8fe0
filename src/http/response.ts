import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** An answer as it came over the wire: nothing is decoded, so that digests can be taken of it. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  /** Has to be read to its end or destroyed, or the connection stays busy. Its errors are `UserError`s. */
  readonly body: Readable;
  /** The server's own certificate, for https: who issued it shows whether a proxy inspects the traffic. */
  readonly certificate?: { readonly issuer: string; readonly notAfter: Date };
}
