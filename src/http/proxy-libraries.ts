/**
 * The libraries for proxies, which few need: imported when one applies. They are CommonJS, whose names get lost where a
 * bundle imports them dynamically; imported here by name, and this module dynamically, the names stay.
 */
export { HttpsProxyAgent } from 'https-proxy-agent';
export { getProxyForUrl } from 'proxy-from-env';
