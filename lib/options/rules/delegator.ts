import type { Rules } from './rule.js'

/** A delegator that expects a callback, as other CORS libraries have it, would fail with every request. */
export function checkDelegator ({ own: { delegator }, issues }: Rules): void {
  if (typeof delegator !== 'function' || !takesMoreThanOne(delegator)) return
  issues.add({ option: 'delegator' }, {
    code: 'invalid-type',
    value: delegator,
    message: 'delegator is called with the request alone, and returns options or a promise of them: there is no callback',
    fix: '(request) => ({ origin: \'https://app.example.com\' })'
  })
}

/** Reading the length throws where somebody has made it so. */
function takesMoreThanOne (called: object): boolean {
  try {
    const length: unknown = Reflect.get(called, 'length')
    return typeof length === 'number' && length > 1
  } catch {
    return false
  }
}
