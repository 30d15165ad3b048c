import type * as t from '@babel/types'
import { checkValues } from './check.js'
import { translateOriginFunction } from './origin-function.js'
import { methodOf } from './origins.js'
import type { Migration } from './remarks.js'
import { isFunction, keyOf, nameOf, rangeOf, type Source, walk } from './source.js'
import { SOME_FUNCTION, type Value, valueOf } from './values.js'

/** Where options stand: at a registration, in a route's `config.cors`, or in a delegator. */
export type Place = 'registration' | 'route' | 'delegator'

/** An option that is given. */
interface Given {
  readonly name: string
  readonly property: t.ObjectProperty | t.ObjectMethod
  readonly owner: t.ObjectExpression
}

/** Options as they are given, those of objects that are spread included. */
export class GivenOptions {
  readonly options: readonly Given[]
  /** Whether all of them are known. */
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

/**
 * Translates options that are written as an object, where they stand.
 */
export function translateOptions (object: t.ObjectExpression, place: Place, migration: Migration): GivenOptions {
  const { source, edits, remarks, done } = migration
  const options = new GivenOptions(object, source)
  if (done.has(object)) return options
  done.add(object)
  const values = new Map<string, Value>()
  for (const option of options.options) {
    const value = translateOption(option, place, migration)
    if (value === null) continue
    if (place === 'registration') migration.registered.add(option.name)
    values.set(option.name, value)
    if (value.unknown.length > 0) remarkUnknown(option, value.unknown, migration)
  }
  if (!options.isWhole) {
    remarks.add(object, 'unknown-options', 'some of these options come from elsewhere, and are kept as they are', CHECKED_AT_BOOT)
  }
  if (place === 'registration' && options.isWhole && !options.has('delegator')) {
    for (const option of defaultsOf(options, object, migration)) edits.addProperty(object, option)
    if (!options.has('origin')) values.set('origin', { alternatives: ['*'], unknown: [] })
  }
  checkValues(values, name => options.find(name)?.property ?? object, migration)
  return options
}

/** The default of `@fastify/cors` up to version 10, and of Express. */
const WIDE = 'methods: [\'GET\', \'HEAD\', \'PUT\', \'PATCH\', \'POST\', \'DELETE\']'

/** What was the default there and has to be written here, as options. */
export function defaultsOf (options: { has (name: string): boolean }, where: t.Node, { defaultMethods, remarks }: Migration): string[] {
  const defaults = options.has('origin') ? [] : ['origin: \'*\'']
  if (options.has('methods') || defaultMethods === 'same') return defaults
  if (defaultMethods === 'wide') return [...defaults, WIDE]
  remarks.add(where, 'default-methods', 'no methods are given. @fastify/cors up to version 10 lets pages use PUT, PATCH and DELETE then; 11 and this plugin only GET, HEAD and POST', WIDE)
  return defaults
}

const CHECKED_AT_BOOT = 'Nothing, if they are right: the server checks them when it starts, and says what is wrong with them'

/** @returns the value of the option, for the check; `null` where it is left out */
function translateOption (option: Given, place: Place, migration: Migration): Value | null {
  const { name, property, owner } = option
  const { source, edits } = migration
  const value = property.type === 'ObjectProperty' ? property.value : property
  const found = source.resolve(value)
  if (name === 'delegator') return { alternatives: [SOME_FUNCTION], unknown: [] }
  if (name === 'origin') return translateOrigin(option, place, value, found, migration)
  if (found.type === 'NullLiteral' || nameOf(found) === 'undefined') {
    if (place === 'route' && migration.registered.has(name)) return resetOption(option, migration)
    edits.removeProperty(owner, property)
    return null
  }
  if (name === 'preflightContinue' && !keepsOn(option, found, migration)) return null
  return valueOf(source, value)
}

function translateOrigin ({ property }: Given, place: Place, value: t.Node, found: t.Node, migration: Migration): Value {
  const { edits, registered } = migration
  const { text, value: translated, isEnforcing } = isFunction(found)
    ? translateOriginFunction(found, value, migration)
    : { text: null, value: valueOf(migration.source, value), isEnforcing: false }
  if (text !== null) edits.replace(rangeOf(property), `origin: ${text}`)
  if (isEnforcing) edits.addAfter(property, 'enforce: \'unsafe\'')
  if (isEnforcing && place === 'registration') registered.add('enforce')
  // Nobody is a stranger there.
  if (place === 'route' && registered.has('enforce') && translated.alternatives.flat().some(isAny)) edits.addAfter(property, 'enforce: false')
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
