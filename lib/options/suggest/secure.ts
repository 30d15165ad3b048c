import { isLoopback } from '../../http/hosts.js'
import { parseOrigin } from '../../origin/parse.js'
import { validHost } from '../../origin/validate.js'
import { checkRegExp } from '../../regexp/check.js'
import { entriesSource, readRegExp, type RegExpText } from '../../text.js'
import { findInsecure } from '../expressions/insecure.js'
import { type Entry, entriesOf } from './entries.js'

/** Hosts that may have no certificate: addresses, and names without a dot or of a home network. */
const PRIVATE = /^(?:\[.*\]|\d+(?:\.\d+){3}|[^.]+\.?|.*\.(?:local|lan|home|internal|intranet|corp|home\.arpa|localdomain)\.?)$/

/** True if a host may have no certificate, so that https would block its pages. */
export function isPrivateHost (host: string): boolean {
  return PRIVATE.test(host)
}

/** Fixes for `origin` with https in place of http; those that are left out have none, or may have no certificate. */
export function secured (fixes: readonly string[]): string[] {
  return fixes.flatMap(fix => {
    const secure = entriesOf(fix)?.map(entry => typeof entry === 'string' ? secureOrigin(entry) : secureRegExp(readRegExp(entry))) ?? [null]
    if (secure.includes(null)) return []
    const source = entriesSource([...new Map(secure.filter(entry => entry !== null).map(entry => [String(entry), entry])).values()])
    return source === fix ? [] : [source]
  })
}

function secureOrigin (value: string): string | null {
  if (!value.startsWith('http://')) return value
  const host = validHost(value)
  if (host === null || isLoopback(host)) return value
  return isPrivateHost(host) ? null : `https${value.slice('http'.length)}`.replace(/:443$/, '')
}

function secureRegExp (text: RegExpText): Entry | null {
  const found = findInsecure(checkRegExp(text, 'whole'), false)
  const origin = found !== null && 'example' in found ? parseOrigin(found.example) : null
  if (origin !== null && isPrivateHost(origin.host)) return null
  const { source, flags } = text
  return new RegExp(source.replace(/^\^(?:https?\??|\(\?:https?\|https?\)|\(https?\|https?\)):/, '^https:'), flags)
}
