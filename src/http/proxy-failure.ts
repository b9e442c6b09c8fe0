/** Reports a proxy that cannot be reached or that refused. The server has received nothing. */
export class ProxyFailure extends Error {
  readonly proxy: URL;
  /** The server that the proxy should connect to: `HOST:PORT`. */
  readonly target: string;
  /** The proxy's HTTP status, if it answered. */
  readonly status: number | undefined;

  constructor(proxy: URL, target: string, { cause, status }: { readonly cause?: unknown; readonly status?: number }) {
    super(`proxy ${proxy.host}`, { cause });
    this.proxy = proxy;
    this.target = target;
    this.status = status;
  }
}
