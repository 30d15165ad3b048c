/**
 * Adds field names to a `Vary` value (RFC 9110 section 12.5.5). Each name stays once, whatever its letter case, as it was
 * first written. `*` stands alone: it already says that everything matters.
 */
export function addToVary (present: string, added: string): string {
  if (present === '' || present === added) return added
  const names = new Map<string, string>()
  for (const name of `${present},${added}`.split(',')) {
    const trimmed = name.trim()
    if (trimmed === '*') return '*'
    const key = trimmed.toLowerCase()
    if (key !== '' && !names.has(key)) names.set(key, trimmed)
  }
  return [...names.values()].join(', ')
}

/** The types in which Node and Fastify hold a header's value. */
export type FieldValue = number | string | readonly string[] | undefined

/** A header's value as one text. */
export function fieldText (value: FieldValue): string {
  return value === undefined ? '' : [value].flat().join(', ')
}
