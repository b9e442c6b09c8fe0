/** What kept a proxy from being used: it could not be reached, or it refused. Nothing has reached the server then. */
export class ProxyFailure extends Error {
  readonly proxy: URL;
  /** `HOST:PORT` that the proxy was asked for. */
  readonly target: string;
  /** What the proxy answered. */
  readonly status: number | undefined;

  constructor(proxy: URL, target: string, { cause, status }: { readonly cause?: unknown; readonly status?: number }) {
    super(`proxy ${proxy.host}`, { cause });
    this.proxy = proxy;
    this.target = target;
    this.status = status;
  }
}
