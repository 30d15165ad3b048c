import { isList } from '../../origin/source.js'
import { namesIn } from './names.js'
import { firstGiven, isAllowed, type Rules } from './rule.js'

/** The entry that makes `origin` mean any origin, if one does: `'*'`, alone or in a list, or `true`. */
function anyOrigin ({ merged: { origin } }: Rules): { index: number | null, value: unknown } | undefined {
  if (origin === true || origin === '*') return { index: null, value: origin }
  const index = isList(origin) ? origin.indexOf('*') : -1
  return index === -1 ? undefined : { index, value: '*' }
}

/** `origin-any-with-credentials`: every site on the web could read what users see when they are logged in. */
export function checkAnyOriginWithCredentials (rules: Rules): void {
  const any = anyOrigin(rules)
  if (any === undefined || rules.merged.credentials !== true || isAllowed('any-origin-with-credentials', rules)) return
  const option = firstGiven(['origin', 'credentials', 'dangerouslyAllow'], rules)
  if (option === undefined) return
  rules.issues.add({ option, index: option === 'origin' ? any.index : null }, {
    code: 'origin-any-with-credentials',
    value: any.value,
    message: 'any origin together with credentials would let every site read, and do, what a user who is logged in can',
    fix: 'origin: [\'https://app.example.com\'] with credentials: true, or credentials: false'
  })
}

/** `enforce-any-origin`: where any origin is allowed, nothing would be refused. */
export function checkEnforce (rules: Rules): void {
  const any = anyOrigin(rules)
  const { enforce } = rules.merged
  const option = firstGiven(['enforce', 'origin'], rules)
  if (any === undefined || option === undefined || (enforce !== 'unsafe' && enforce !== 'all')) return
  rules.issues.add({ option }, {
    code: 'enforce-any-origin',
    value: enforce,
    message: `enforce: '${enforce}' would refuse nothing, because any origin is allowed`,
    fix: 'origin: [\'https://app.example.com\'] with enforce, or enforce: false'
  })
}

/** `exposed-any-with-credentials`: there, `*` is no more than a name (Fetch, "CORS protocol and credentials"). */
export function checkExposedAny (rules: Rules): void {
  const { exposedHeaders, credentials } = rules.merged
  const option = firstGiven(['exposedHeaders', 'credentials'], rules)
  if (credentials !== true || option === undefined) return
  const any = namesIn(exposedHeaders).find(({ name }) => name === '*')
  if (any === undefined) return
  rules.issues.add({ option, index: option === 'exposedHeaders' ? any.index : null }, {
    code: 'exposed-any-with-credentials',
    value: exposedHeaders,
    message: 'with credentials, * is the name of a header, and exposes no other',
    fix: 'exposedHeaders: [\'ETag\', \'Link\'], each by its name'
  })
}
