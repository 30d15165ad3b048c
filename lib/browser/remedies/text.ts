/** The marks that quote a text in the languages of the remedies. All of them escape with a backslash. */
export type Mark = '\'' | '"'

/** A text as a string of a program: nothing in it can end the string. */
export function quote (text: string, mark: Mark): string {
  return mark + text.replace(/[\\'"]/g, character => (character === '\\' || character === mark ? `\\${character}` : character)) + mark
}

/** Texts as the items of a list, without its brackets. */
export function items (texts: readonly string[], mark: Mark): string {
  return texts.map(text => quote(text, mark)).join(', ')
}

/** The lines of a remedy; `false` stands for a line that is not needed. */
export function lines (...parts: readonly (string | false)[]): string {
  return parts.filter(part => part !== false).map(line => `${line}\n`).join('')
}

/** The options of an object in JavaScript, one to a line, without its braces; `false` stands for one that is not needed. */
export function options (...parts: readonly (string | false)[]): string {
  return parts.filter(part => part !== false).map(option => `  ${option}`).join(',\n')
}
