const DEFAULT_PORTS = new Map([['http', 80], ['https', 443]])

/**
 * A port as browsers write it: a decimal without leading zeros that is not the default (WHATWG URL, section 4.4).
 *
 * @param port what stands after the colon
 * @param found what is wrong is added here, as clauses that have the origin as their subject
 * @returns the colon and the port, `''` where none is to be written, or `null` where none can be known
 */
export function mendPort (port: string, scheme: string, found: Set<string>): string | null {
  if (port === '*') return ':*'
  if (port === '') return mended('has a colon without a port', '', found)
  if (/^[\d*]*\*[\d*]*$/.test(port)) return mended('has a * inside the port: only :* is one, for any port or none', ':*', found)
  if (!/^\d+$/.test(port)) return mended('has a port that is not a number', null, found)
  const number = Number(port)
  if (number === 0) return mended('has port 0, which is not one', null, found)
  if (number > 65535) return mended('has a port over 65535', null, found)
  if (number === DEFAULT_PORTS.get(scheme)) {
    return mended(`spells out port ${number}, which browsers leave out because it is the default of ${scheme}`, '', found)
  }
  return port.startsWith('0') ? mended('has a port with leading zeros', `:${number}`, found) : `:${port}`
}

function mended<T> (clause: string, result: T, found: Set<string>): T {
  found.add(clause)
  return result
}
