/**
 * Adds field names to a `Vary` value (RFC 9110 section 12.5.5). Every name survives once, whatever its letter case,
 * as it was first written; a `*` stays alone, since it says already that everything matters.
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

/** A header's value as one text: what Node and Fastify hold may also be a number, or a list of field lines. */
export function fieldText (value: unknown): string {
  if (value === undefined) return ''
  return Array.isArray(value) ? value.join(', ') : String(value)
}
