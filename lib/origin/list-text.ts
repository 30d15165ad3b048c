/** Texts that hold a list in JSON, as variables of the environment do. */
const JSON_LIST = /^\[\s*["'].*["']\s*\]$/s

/** One at either end: a run of them would take time that grows with its square. */
const QUOTATION_MARKS = /^["'`]|["'`]$/g

/**
 * The entries of a text that was meant as a list: separated by commas, semicolons or bars, or by spaces or line breaks
 * where each entry has a scheme. One entry where it is no list, none where nothing is left.
 */
export function listedIn (text: string): string[] {
  const inner = JSON_LIST.test(text) ? text.slice(1, -1) : text
  const entries = entriesOf(inner, /[,;|]/)
  if (entries.length > 1) return entries
  const words = entries.flatMap(entry => entriesOf(entry, /\s/))
  return words.every(word => word.includes('://')) ? words : entries
}

function entriesOf (text: string, separator: RegExp): string[] {
  return text.split(separator).map(entry => entry.trim().replace(QUOTATION_MARKS, '')).filter(entry => entry !== '')
}
