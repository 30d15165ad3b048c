import { parse } from 'tldts'
import { isLoopback } from '../../http/hosts.js'
import { checkRegExp } from '../../regexp/check.js'
import { isValidOrigin } from '../../origin/validate.js'
import { readRegExp } from '../../text.js'

const SOME = '[a-z0-9-]+'

/** An IPv4 address of which some parts may be any number. */
const ADDRESS = /^(?:\d{1,3}|\*)(?:\.(?:\d{1,3}|\*)){3}$/

/** A `*` directly before a name, as in `*example.com`: read as the name, and all below it. */
const STAR_BEFORE_NAME = /^\*(?=[a-z0-9][a-z0-9-]*\\?\.)/

/** Any other `*` directly before a letter can't be written safely: whoever registers a name chooses what stands in front. */
const STAR_BEFORE_LETTER = /\*(?=[a-z0-9])/

/**
 * The expression that says what a host with a `*` at a place where none may stand was meant to say.
 *
 * @param schemes one scheme, or both of the web
 * @param host in lower case
 * @param port a colon and a port, `:*`, or `''`
 * @param found what is wrong is added here, as clauses that have the origin as their subject
 * @returns `null` where strangers could register a name that it would match, or it can't be written safely
 */
export function wildcardExpression (schemes: readonly string[], host: string, port: string, found: Set<string>): RegExp | null {
  const address = ADDRESS.test(host)
  if (!isValidOrigin(`https://${host.replaceAll('*', address ? '1' : 'x')}`)) {
    found.add('has a host that is not valid')
    return null
  }
  if (!address && isOpenToStrangers(host.replace(STAR_BEFORE_NAME, ''))) {
    found.add('stands for names that anyone can register')
    return null
  }
  if (!address && STAR_BEFORE_LETTER.test(host.replace(STAR_BEFORE_NAME, ''))) {
    found.add('has a * directly before a letter, where any name would match that ends so: write each host, or a pattern such as \'https://*.example.com\'')
    return null
  }
  found.add('has a * that is not the whole first label before a domain name')
  const scheme = schemes.length > 1 ? 'https?' : schemes.map(escapeForRegExp).join('')
  const hostSource = address ? escapeForRegExp(host).replaceAll('*', '\\d{1,3}') : sourceOfName(host)
  const regexp = new RegExp(`^${scheme}://${hostSource}${port === ':*' ? '(?::\\d{1,5})?' : port}$`)
  return isSafe(regexp) ? regexp : null
}

/** True if an expression keeps the rules for those that are origins. */
export function isSafe (regexp: RegExp): boolean {
  return checkRegExp(readRegExp(regexp), 'whole').problems.length === 0
}

/** True if a `*` is in a public suffix or in the label before it, where whoever pays for it gets the name. */
function isOpenToStrangers (host: string): boolean {
  const { domain } = parse(host.replaceAll('*', 'x'), { validateHostname: false })
  const labels = host.split('.')
  const registered = isLoopback(host) ? 1 : domain === null ? labels.length : domain.split('.').length
  return labels.slice(-registered).some(label => label.includes('*'))
}

/**
 * A class is never directly followed by a letter or a digit here, because then strangers could register a name that
 * only ends in the same way: `*shop.example` would allow `evilshop.example`.
 */
function sourceOfName (host: string): string {
  return escapeForRegExp(host)
    .replace(STAR_BEFORE_NAME, `(?:${SOME}\\.)*`)
    .replace(/^\*\\\./, `(?:${SOME}\\.)+`)
    .replace(/(?<![)\]])\*/g, SOME)
}

/** Everything but `*`, which is what is replaced next. */
function escapeForRegExp (text: string): string {
  return text.replace(/[.+?^$|\\[\](){}]/g, '\\$&')
}
