import { isIP } from 'node:net';

export type HostRules = { publicUrl: string; production: boolean };

/** Splits a Host header into a lower-case name without port and brackets; undefined when it is none. */
function hostName(header: string | undefined): string | undefined {
  if (!header || !/^[\w.:[\]-]{1,255}$/.test(header)) return undefined;
  try {
    return new URL(`http://${header}`).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return undefined;
  }
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '::1']);

/** True for a name that only this machine answers to. */
export const isLoopbackHost = (header: string | undefined): boolean => loopbackNames.has(hostName(header) ?? '');

/**
 * True when we answer to this Host. In production only the public name, exactly. In development also loopback names and bare addresses on any port:
 * a rebinding attack needs a name of its own, which is what this refuses.
 */
export function isOurHost(header: string | undefined, rules: HostRules): boolean {
  const wanted = new URL(rules.publicUrl);
  if (header?.toLowerCase() === wanted.host) return true;
  if (rules.production) return false;
  const name = hostName(header);
  return name !== undefined && (loopbackNames.has(name) || name === wanted.hostname || isIP(name) !== 0);
}

/** True when a page of this origin may use the session cookie for changes. */
export function isOurOrigin(origin: string | undefined, host: string | undefined, rules: HostRules): boolean {
  if (origin === undefined || origin === 'null') return false;
  if (origin === new URL(rules.publicUrl).origin) return true;
  // In development the page may be opened as 127.0.0.1 or localhost: what counts is that page and API are the same origin.
  return !rules.production && isOurHost(host, rules) && origin === `http://${host ?? ''}`;
}
