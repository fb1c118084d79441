/**
 * Who may talk to the service at all. It runs before routing, on HTTP and on the WebSocket upgrade, since any web page can
 * send requests to a service on the reader's own machine: the Host list stops DNS rebinding, the Origin list stops other sites.
 */
import type { IncomingMessage } from 'node:http';

export interface GuardLists {
  /** Host names, with or without a port, that are served besides the loopback ones. */
  allowedHosts: readonly string[];
  /** Origins of other sites whose pages may call the API. */
  allowedOrigins: readonly string[];
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function parseHost(text: string): URL | undefined {
  // Anything but a host would make a URL that means something else.
  return /^[\w.:[\]-]+$/.test(text) && URL.canParse(`http://${text}`) ? new URL(`http://${text}`) : undefined;
}

function shown(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}

/** Why the request is refused, in one line; nothing when it may pass. */
export function refusalOf(request: IncomingMessage, lists: GuardLists): string | undefined {
  const hostHeader = request.headers.host;
  if (hostHeader === undefined) return 'The request has no Host header.';
  const host = parseHost(hostHeader);
  if (!host || !isServed(host, lists.allowedHosts)) {
    return `The host "${shown(hostHeader)}" is not served here. Add it to SIGNALBOX_ALLOWED_HOSTS if it should be.`;
  }
  const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers;
  if (origin !== undefined) {
    if (isOwnOrigin(origin, host) || lists.allowedOrigins.includes(origin)) return undefined;
    return `Pages of "${shown(origin)}" may not call this service. Add the origin to SIGNALBOX_ALLOWED_ORIGINS if they should.`;
  }
  const foreign = site === 'cross-site' || site === 'same-site';
  if (foreign && mode !== 'navigate') return 'Pages of other sites may not load anything from this service.';
  return undefined;
}

function isServed(host: URL, allowed: readonly string[]): boolean {
  if (LOOPBACK.test(host.hostname)) return true;
  return allowed.some((entry) => {
    const served = parseHost(entry);
    if (!served || served.hostname !== host.hostname) return false;
    return served.port === '' || served.port === host.port;
  });
}

/** The origin that was called, or the same service by another of its loopback names. */
function isOwnOrigin(origin: string, host: URL): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.origin !== origin || !/^https?:$/.test(url.protocol) || url.port !== host.port) return false;
  return url.hostname === host.hostname || (LOOPBACK.test(url.hostname) && LOOPBACK.test(host.hostname));
}
