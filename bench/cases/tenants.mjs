/** So many different origins, as texts of their own, like those that a parser has read from a file. */
export function tenants (count) {
  return Array.from({ length: count }, (_, i) => Buffer.from(`https://tenant-${i}.example.com`, 'latin1').latin1Slice())
}

/** So many different patterns. */
export function patterns (count) {
  return Array.from({ length: count }, (_, i) => `https://*.tenant-${i}.example.com`)
}
