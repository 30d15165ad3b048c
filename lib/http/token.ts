const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Whether a text is a token (RFC 9110 section 5.6.2), as the names of methods and of header fields are. */
export function isToken (text: string): boolean {
  return TOKEN.test(text)
}

/** The items of an option that is a list, or the text of one with commas between its items. */
export function listItems (value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? value.split(',').map(item => item.trim()) : value
}
