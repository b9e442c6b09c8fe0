import http from 'node:http';
import https from 'node:https';
import { TunnelAgent, type TunnelOptions } from './tunnel.ts';

/**
 * How long to try each address of a host that has several. Node's default of 250 ms is too short for a host on another
 * continent; RFC 8305, 5 allows 2 s.
 */
const ADDRESS_TIMEOUT = 1_500;

/** Connections that are shared by requests. */
export interface Connections {
  /** Returns the agent for a URL. @param tunnel how to open tunnels through the proxy */
  to(url: URL, proxy: URL | undefined, tunnel: TunnelOptions): http.Agent;
  close(): void;
}

/** Creates agents for all kinds of connections. @param keepAlive whether connections are kept for the next request */
export function createConnections(keepAlive: boolean): Connections {
  const options = { keepAlive, autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT };
  const plain = new http.Agent(options);
  const secure = new https.Agent(options);
  /** A separate agent, since agents do not tell connections with a client certificate from those without. */
  const toProxies = new https.Agent(options);
  /** By the proxy's URL. */
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
