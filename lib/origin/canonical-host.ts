/** A host as the host parser of browsers writes it (WHATWG URL, section 3.5), or `null` where it refuses the host. */
export function canonicalHost (host: string): string | null {
  const url = `http://${host}`
  return URL.canParse(url) ? new URL(url).hostname : null
}
