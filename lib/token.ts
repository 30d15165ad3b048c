const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Whether a text is a token (RFC 9110 section 5.6.2), as the names of methods and of header fields are. */
export function isToken (text: string): boolean {
  return TOKEN.test(text)
}
