import http from 'node:http';
import https from 'node:https';
import { TunnelAgent, type TunnelOptions } from './tunnel.ts';

/**
 * Node gives up on each address of a host with several after 250 ms, for good: too early for a host on another continent.
 * RFC 8305, 5 allows 2 s.
 */
const MILLISECONDS_FOR_AN_ADDRESS = 1_500;

/** Connections of every kind, to be shared by requests. */
export interface Connections {
  /** Those that a URL is asked for through. @param tunnel how tunnels of the proxy are made */
  to(url: URL, proxy: URL | undefined, tunnel: TunnelOptions): http.Agent;
  close(): void;
}

/** @param keepAlive whether a connection is kept for the next request */
export function createConnections(keepAlive: boolean): Connections {
  const options = { keepAlive, autoSelectFamilyAttemptTimeout: MILLISECONDS_FOR_AN_ADDRESS };
  const plain = new http.Agent(options);
  const secure = new https.Agent(options);
  /** Apart: agents do not tell connections with our own certificate from those without. */
  const toProxies = new https.Agent(options);
  /** By proxy. */
  const tunnels = new Map<string, TunnelAgent>();
  return {
    to(url, proxy, tunnelOptions) {
      if (url.protocol === 'http:') return proxy?.protocol === 'https:' ? toProxies : plain;
      if (!proxy) return secure;
      const tunnel = tunnels.get(proxy.href) ?? new TunnelAgent(proxy, tunnelOptions, keepAlive);
      tunnels.set(proxy.href, tunnel);
      return tunnel;
    },
    close() {
      for (const agent of [plain, secure, toProxies, ...tunnels.values()]) agent.destroy();
    },
  };
}
