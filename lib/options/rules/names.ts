import { isList, listSource, quote } from '../../origin/source.js'

/** One name of a list of methods or headers, with its place. */
export interface Name {
  /** `null` where the list is one text. */
  readonly index: number | null
  readonly name: string
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** The names in a list, or in a text with commas: there, each once. What is no text is left to the schema. */
export function namesIn (value: unknown): Name[] {
  if (typeof value === 'string') {
    return Array.from(new Set(value.split(',').map(name => name.trim())), name => ({ index: null, name }))
  }
  const names: Name[] = []
  if (!isList(value)) return names
  for (const [index, name] of value.entries()) if (typeof name === 'string') names.push({ index, name })
  return names
}

/** Whether a name can be that of a method or a header (RFC 9110, sections 5.6.2, 5.1 and 9.1). */
export function isToken (name: string): boolean {
  return TOKEN.test(name)
}

/** The names that a text holds that is not one, as JavaScript source; `null` where it holds none. */
export function namesSource (text: string): string | null {
  const names = text.slice(0, 1000).split(/[\s,;]+/).filter(name => name !== '')
  if (names.length === 0 || !names.every(isToken)) return null
  return names.length === 1 ? names.map(quote).join('') : listSource(names).slice(1, -1)
}
