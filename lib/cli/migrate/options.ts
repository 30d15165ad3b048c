import type * as t from '@babel/types'
import { checkOverride, checkValues } from './check.js'
import { translateOriginFunction } from './origin-function.js'
import type { Migration, Registered } from './migration.js'
import type { Source } from './source.js'
import { isFunction, isWithin, keyOf, methodOf, nameOf, type Range, rangeOf, walk } from './syntax.js'
import { SOME_FUNCTION, type Value, valueOf } from './values.js'

/** An option that is given. */
interface Given {
  readonly name: string
  readonly property: t.ObjectProperty | t.ObjectMethod
  readonly owner: t.ObjectExpression
}

/** Options as they are given, those of objects that are spread included. */
export class GivenOptions {
  readonly options: readonly Given[]
  /** True if all of them are known. */
  readonly isWhole: boolean

  constructor (readonly object: t.ObjectExpression, source: Source) {
    const { options, isWhole } = given(object, source)
    this.options = options
    this.isWhole = isWhole
  }

  find (name: string): Given | undefined {
    return this.options.find(option => option.name === name)
  }

  has (name: string): boolean {
    return this.find(name) !== undefined
  }
}

function given (object: t.ObjectExpression, source: Source): { options: Given[], isWhole: boolean } {
  const options: Given[] = []
  let isWhole = true
  for (const property of object.properties) {
    if (property.type === 'SpreadElement') {
      const spread = source.resolve(property.argument)
      const inner = spread.type === 'ObjectExpression' ? given(spread, source) : { options: [], isWhole: false }
      options.push(...inner.options)
      isWhole &&= inner.isWhole
    } else {
      const name = keyOf(property)
      if (name === null) isWhole = false
      else options.push({ name, property, owner: object })
    }
  }
  return { options, isWhole }
}

/** Options, and what they are after the move. */
interface Translated {
  readonly options: GivenOptions
  readonly values: ReadonlyMap<string, Value>
}

/**
 * Translates options that are written as an object, where they stand.
 *
 * @param where at a registration, in a route's `config.cors`, or in a delegator
 */
export function translateOptions (object: t.ObjectExpression, where: 'registration' | 'route' | 'delegator', migration: Migration): Translated {
  const { source, edits, remarks } = migration
  const options = new GivenOptions(object, source)
  const known = migration.options.get(object)
  if (known !== undefined) return { options, values: known }
  const values = new Map<string, Value>()
  migration.options.set(object, values)
  const around = where === 'route' ? registrationsAround(object, migration) : []
  for (const option of options.options) {
    const value = translateOption(option, around, migration, values)
    if (value === null) continue
    values.set(option.name, value)
    if (value.unknown.length > 0) remarkUnknown(option, value.unknown, migration)
  }
  if (!options.isWhole) {
    remarks.add(object, 'unknown-options', 'some of these options come from elsewhere, and are kept as they are', CHECKED_AT_BOOT)
  }
  if (where === 'registration' && options.isWhole && !options.has('delegator')) {
    for (const option of defaultsOf(options, object, migration)) edits.addProperty(object, option)
    if (!options.has('origin')) values.set('origin', { alternatives: ['*'], unknown: [] })
  }
  const whereOf = (name: string): t.Node => options.find(name)?.property ?? object
  if (where === 'route') checkOverride(values, around.map(registered => registered.values), whereOf, migration)
  else checkValues(values, whereOf, migration)
  return { options, values }
}

/** The registrations that a route may have: those in the innermost function around it, or else all of the file. */
function registrationsAround (route: t.Node, { registrations }: Migration): readonly Registered[] {
  const around = registrations.filter(({ scope }) => isWithin(rangeOf(route), scope))
  const innermost = around.reduce<Range | null>((found, { scope }) => found === null || isWithin(scope, found) ? scope : found, null)
  return innermost === null ? registrations : around.filter(({ scope }) => scope === innermost)
}

/** The default of `@fastify/cors` up to version 10, and of Express. */
const WIDE = 'methods: [\'GET\', \'HEAD\', \'PUT\', \'PATCH\', \'POST\', \'DELETE\']'

/** The defaults of `@fastify/cors` that have to be written here, as options. */
export function defaultsOf (options: { has (name: string): boolean }, where: t.Node, { defaultMethods, remarks }: Migration): string[] {
  const defaults = options.has('origin') ? [] : ['origin: \'*\'']
  if (options.has('methods') || defaultMethods === 'same') return defaults
  if (defaultMethods === 'wide') return [...defaults, WIDE]
  remarks.add(where, 'default-methods', 'no methods are given. @fastify/cors up to version 10 lets pages use PUT, PATCH and DELETE then; 11 and this plugin only GET, HEAD and POST', WIDE)
  return defaults
}

const CHECKED_AT_BOOT = 'Nothing, if they are right: the server checks them when it starts, and says what is wrong with them'

/**
 * @param around the registrations that a route overrides
 * @param values gets what is added
 * @returns the value of the option, for the check; `null` where it is left out
 */
function translateOption (option: Given, around: readonly Registered[], migration: Migration, values: Map<string, Value>): Value | null {
  const { name, property, owner } = option
  const { source, edits } = migration
  const value = property.type === 'ObjectProperty' ? property.value : property
  const found = source.resolve(value)
  if (name === 'delegator') return { alternatives: [SOME_FUNCTION], unknown: [] }
  if (name === 'origin') return translateOrigin(option, around, value, found, migration, values)
  if (found.type === 'NullLiteral' || nameOf(found) === 'undefined') {
    if (isGiven(name, around)) return resetOption(option, migration)
    edits.removeProperty(owner, property)
    return null
  }
  if (name === 'preflightContinue' && !keepsOn(option, found, migration)) return null
  return valueOf(source, value)
}

function isGiven (name: string, around: readonly Registered[]): boolean {
  return around.some(({ values }) => values.has(name))
}

function translateOrigin (
  { property }: Given, around: readonly Registered[], value: t.Node, found: t.Node, migration: Migration, values: Map<string, Value>
): Value {
  const { edits } = migration
  const enforce = (text: string, value: unknown): void => {
    edits.addAfter(property, `enforce: ${text}`)
    values.set('enforce', { alternatives: [value], unknown: [] })
  }
  const { text, value: translated, isEnforcing } = isFunction(found)
    ? translateOriginFunction(found, value, migration)
    : { text: null, value: valueOf(migration.source, value), isEnforcing: false }
  if (text !== null) edits.replace(rangeOf(property), `origin: ${text}`)
  if (isEnforcing) enforce('\'unsafe\'', 'unsafe')
  // Nobody is a stranger there.
  else if (isGiven('enforce', around) && translated.alternatives.flat().some(isAny)) enforce('false', false)
  return translated
}

function isAny (origin: unknown): boolean {
  return origin === true || origin === '*'
}

/** `null` of a route takes back what the registration has; here, a route that says nothing has what the registration has. */
function resetOption ({ name, property, owner }: Given, { edits, remarks }: Migration): Value | null {
  if (name === 'exposedHeaders') {
    edits.replace(rangeOf(property), 'exposedHeaders: []')
    return { alternatives: [[]], unknown: [] }
  }
  edits.removeProperty(owner, property)
  remarks.add(property, 'route-null', `${name}: null of a route took back the ${name} of the registration. Here, a route that gives none has that of the registration`, `write the ${name} that this route is to have`)
  return null
}

/** `preflightContinue` without an `OPTIONS` route: the plugin's own one answered there, and none does here. */
function keepsOn ({ property, owner }: Given, found: t.Node, { source, edits, remarks }: Migration): boolean {
  if ((found.type === 'BooleanLiteral' && !found.value) || hasOptionsRoute(source)) return true
  edits.removeProperty(owner, property)
  remarks.add(property, 'preflight-continue', 'preflightContinue hands preflights to an OPTIONS route of yours, and this file has none. ' +
    'There, @fastify/cors answered them with status 200; here nothing would. It is left out, so that the plugin answers with 204',
  'write it again if another file has the OPTIONS route')
  return false
}

const ROUTING: ReadonlySet<string | null> = new Set(['options', 'all'])

function hasOptionsRoute ({ root }: Source): boolean {
  return Array.from(walk(root)).some(node => {
    if (node.type === 'CallExpression') {
      return ROUTING.has(methodOf(node)) && node.arguments.length > 1
    }
    return node.type === 'ObjectProperty' && keyOf(node) === 'method' && Array.from(walk(node.value)).some(inner => inner.type === 'StringLiteral' && inner.value === 'OPTIONS')
  })
}

function remarkUnknown ({ name, property }: Given, unknown: readonly t.Node[], { source, remarks }: Migration): void {
  const [first, ...others] = new Set(unknown.map(node => source.textOf(node)))
  remarks.add(property, 'unknown-value', `${name} depends on ${first}${others.length > 0 ? ` and ${others.length} more` : ''}, which only the running application knows. It is kept as it is`,
    `${CHECKED_AT_BOOT.replaceAll('them', 'it').replace('they are', 'it is')}. An origin is written as browsers send it, without a slash at the end`)
}
