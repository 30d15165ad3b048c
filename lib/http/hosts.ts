/**
 * True for a host, as serialised origins have it, that is the machine itself: `localhost` and the names below it (RFC 6761,
 * section 6.3), with a dot at the end or without, 127.0.0.0/8 (RFC 1122, section 3.2.1.3) and `[::1]` (RFC 4291, section
 * 2.5.3). Such origins are potentially trustworthy without TLS (W3C Secure Contexts, section 3.1).
 */
export function isLoopback (host: string): boolean {
  return /^(?:.*\.)?localhost\.?$/.test(host) || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

/** The ports that origins leave out, by the schemes of the web (WHATWG URL, section 3.1). */
export const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([['http', '80'], ['https', '443']])
