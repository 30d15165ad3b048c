import { DEFAULT_PORTS } from '../http/hosts.js'

/*
 * The serialised origins (RFC 6454, section 6.2) as a language to hold expressions against. Its states are a stage, and what
 * still counts of the text before. It lets pass some texts that are no origins, such as addresses over 255 and names that
 * are too long; it leaves out none that is one.
 */

const SCHEME_CHARACTER = /[a-z0-9+.-]/
/** Of a domain, and of an opaque host (WHATWG URL, section 3.1). */
const DOMAIN_CHARACTER = /[^#%/:<>?@[\\\]^|.A-Z]/
const OPAQUE_CHARACTER = /[^#/:<>?@[\\\]^|]/

const MOST_DIGITS_OF_PORT = 5

/** Every serialised origin but `null` and `file://`. */
export const ORIGINS = {
  start: 'scheme ',

  next (state: string, character: string): string | null {
    const [stage = '', ...rest] = state.split(' ')
    const [scheme = '', seen = ''] = rest
    switch (stage) {
      case 'scheme': return nextOfScheme(scheme, character)
      case 'slash': return character === '/' ? (seen === '' ? `slash ${scheme} /` : `host ${scheme} `) : null
      case 'host': return nextOfHost(scheme, seen, character)
      case 'address': return character === ']' ? `host ${scheme} ]` : /[0-9a-f:]/.test(character) ? state : null
      default: return nextOfPort(scheme, seen, character)
    }
  },

  includes (state: string): boolean {
    const [stage, scheme = '', seen = ''] = state.split(' ')
    return (stage === 'host' && seen !== '') || (stage === 'port' && seen !== '' && seen !== DEFAULT_PORTS.get(scheme))
  }
}

function nextOfScheme (scheme: string, character: string): string | null {
  if (character === ':') return scheme === '' ? null : `slash ${DEFAULT_PORTS.has(scheme) ? scheme : 'other'} `
  if (!(scheme === '' ? /[a-z]/ : SCHEME_CHARACTER).test(character)) return null
  const longer = scheme + character
  return `scheme ${'https'.startsWith(longer) ? longer : 'other'}`
}

/** The state after one more character of a host. `seen` is the last part of it: nothing, a label (`a`), the dot after one (`.`), or an address in brackets (`]`). */
function nextOfHost (scheme: string, seen: string, character: string): string | null {
  if (character === ':') return seen === '' ? null : `port ${scheme} `
  if (seen === ']') return null
  if (character === '[') return seen === '' ? `address ${scheme} ` : null
  if (scheme === 'other') return OPAQUE_CHARACTER.test(character) ? `host ${scheme} a` : null
  if (character === '.') return seen === 'a' ? `host ${scheme} .` : null
  return DOMAIN_CHARACTER.test(character) ? `host ${scheme} a` : null
}

/** The digits while they may still make up the default port, otherwise their number. */
function nextOfPort (scheme: string, seen: string, character: string): string | null {
  if (!/[0-9]/.test(character) || (seen === '' && character === '0')) return null
  const digits = seen.replaceAll('n', '1') + character
  if (digits.length > MOST_DIGITS_OF_PORT) return null
  const isDefault = DEFAULT_PORTS.get(scheme)?.startsWith(seen + character) === true
  return `port ${scheme} ${isDefault ? digits : 'n'.repeat(digits.length)}`
}
