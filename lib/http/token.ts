const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** True for a token (RFC 9110 section 5.6.2): names of methods and of header fields are tokens. */
export function isToken (text: string): boolean {
  return TOKEN.test(text)
}

/** The items of an option that takes a list, or one text with commas. */
export function listItems (value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? value.split(',').map(item => item.trim()) : value
}
