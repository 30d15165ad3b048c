/** The quotation marks in the languages of the remedies, which all escape with a backslash. */
export type Mark = '\'' | '"'

/** A text as a string of a program: nothing in it can end the string. */
export function quote (text: string, mark: Mark): string {
  return mark + text.replace(/[\\'"]/g, character => (character === '\\' || character === mark ? `\\${character}` : character)) + mark
}

/** Texts as the items of a list, without its brackets. */
export function items (texts: readonly string[], mark: Mark): string {
  return texts.map(text => quote(text, mark)).join(', ')
}

/** The lines of a remedy, without those that are `false`. */
export function lines (...parts: readonly (string | false)[]): string {
  return parts.filter(part => part !== false).map(line => `${line}\n`).join('')
}

const addition = 'Where CORS is set up already, add this to its lists: here is only what this one request needs.'

/** A remedy that replaces nothing: the comment at its beginning, which says where it goes, also says so. */
export function asAddition (text: string): string {
  return text.replace(/^(?:<\?php\n)?(?:(\/\/|#).*\n)+/, (comment, mark: string) => `${comment}${mark} ${addition}\n`)
}
