import { types } from 'node:util'

/**
 * Whether a value is a `RegExp`, of any realm, whatever its prototype or its own properties claim.
 * The engine is asked, because the accessors of `RegExp.prototype` throw on all else: that takes long in a long list.
 */
export function isRegExp (value: unknown): value is RegExp {
  return types.isRegExp(value)
}
