/**
 * Whether a value is a `RegExp`, of any realm, whatever its prototype or its own properties claim. The accessor of
 * `RegExp.prototype` looks for the internal slot, and throws on what has none (ECMAScript, "RegExpHasFlag").
 */
export function isRegExp (value: unknown): value is RegExp {
  if (typeof value !== 'object') return false
  try {
    return typeof Reflect.get(RegExp.prototype, 'global', value) === 'boolean'
  } catch {
    return false
  }
}
