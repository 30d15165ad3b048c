import { quote, show } from '../../origin/source.js'
import type { Rules } from './rule.js'

/** A field value: visible characters, with spaces and tabs only between them (RFC 9110, section 5.5). */
const FIELD_VALUE = /^[\x21-\x7E\x80-\xFF]+(?:[\t ]+[\x21-\x7E\x80-\xFF]+)*$/

/** `invalid-type` of a `cacheControl` that is a text, but can't be the value of a header. */
export function checkCacheControl ({ own: { cacheControl }, issues }: Rules): void {
  if (typeof cacheControl !== 'string' || cacheControl === '' || FIELD_VALUE.test(cacheControl)) return
  const mended = cacheControl.replace(/\s+/g, ' ').trim()
  issues.add({ option: 'cacheControl' }, {
    code: 'invalid-type',
    value: cacheControl,
    message: `cacheControl has to be the value of a header, which ${show(cacheControl)} can't be`,
    fix: FIELD_VALUE.test(mended) ? quote(mended) : null
  })
}
