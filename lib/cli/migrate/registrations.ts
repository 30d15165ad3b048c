import type * as t from '@babel/types'
import { returnedBy } from './callback.js'
import { translateDelegator } from './delegator.js'
import { optionObjects } from './option-objects.js'
import { defaultsOf, GivenOptions, translateOptions } from './options.js'
import type { Migration } from './migration.js'
import type { Source } from './source.js'
import { isFunction, keyOf, nameOf, rangeOf, walk } from './syntax.js'

/** A call that registers the plugin, with where its options are. */
export interface Registration {
  readonly call: t.CallExpression
  readonly options: t.Node | undefined
}

/** Calls that register the plugin: `app.register(cors, options)`. */
export function registrationsOf (migration: Migration, isPlugin: (node: t.Node) => boolean): Registration[] {
  return Array.from(walk(migration.source.root)).flatMap(node => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || nameOf(node.callee.property) !== 'register') return []
    const [plugin, options] = node.arguments
    return plugin !== undefined && isPlugin(plugin) ? [{ call: node, options }] : []
  })
}

/** Translates the options of a registration: an object, or a function that gives one or a delegator. */
export function translateRegistration ({ call, options }: Registration, migration: Migration): void {
  if (options === undefined) addOptions(call, migration)
  else translate(options, call, migration)
}

function addOptions (call: t.CallExpression, migration: Migration): void {
  const { edits, source } = migration
  const end = rangeOf(call).end - 1
  const separator = call.arguments.length === 0 ? '' : source.text.slice(0, end).trimEnd().endsWith(',') ? ' ' : ', '
  edits.insert(end, `${separator}{ ${defaultsOf(new Set(), call, migration).join(', ')} }`)
}

function translate (options: t.Node, call: t.Node, migration: Migration): void {
  const found = migration.source.resolve(options)
  const chosen = choicesOf(found, migration.source)
  const called = found.type === 'CallExpression' ? migration.source.resolve(found.callee) : null
  if (found.type === 'ObjectExpression') {
    translateObject(found, call, migration)
  } else if (found.type === 'ConditionalExpression') {
    translate(found.consequent, call, migration)
    translate(found.alternate, call, migration)
  } else if (found.type === 'LogicalExpression') {
    translate(found.left, call, migration)
    translate(found.right, call, migration)
  } else if (chosen.length > 0) {
    for (const value of chosen) translate(value, call, migration)
  } else if (isFunction(found)) {
    for (const returned of returnedBy(found)) translateReturned(returned, call, migration)
  } else if (called !== null && isFunction(called)) {
    for (const returned of returnedBy(called)) translate(returned, call, migration)
  } else {
    remarkUnknown(options, migration)
  }
}

/** The values that `configurations[process.env.NODE_ENV]` may have. */
function choicesOf (found: t.Node, source: Source): t.Node[] {
  const owner = found.type === 'MemberExpression' && found.computed ? source.resolve(found.object) : found
  return owner !== found && owner.type === 'ObjectExpression' ? owner.properties.flatMap(member => member.type === 'ObjectProperty' ? [member.value] : []) : []
}

function remarkUnknown (options: t.Node, { source, remarks }: Migration): void {
  remarks.add(options, 'unknown-options', `the options, ${source.textOf(options)}, are not in this file, and are kept as they are`,
    'run migrate on the file that has them, too; the server checks them when it starts, and says what is wrong with them')
}

/** Translates the result of a function of the instance: options, or a delegator, which has a name here. */
function translateReturned (returned: t.Node, call: t.Node, migration: Migration): void {
  const { source, edits } = migration
  const found = source.resolve(returned)
  if (!isFunction(found)) {
    translate(returned, call, migration)
    return
  }
  const { text, always } = translateDelegator(found, returned, migration)
  const { start, end } = rangeOf(returned)
  const isBody = source.text.slice(0, start).trimEnd().endsWith('=>')
  const [open, close] = isBody ? ['({', '})'] : ['{', '}']
  if (text !== null) {
    edits.replace({ start, end }, isBody ? `(${text})` : text)
    return
  }
  edits.insert(start, `${open} ${defaultsOf(always, found, migration).map(option => `${option}, `).join('')}delegator: `)
  edits.insert(end, ` ${close}`)
}

/** Options that count beside a delegator. */
const BESIDE_DELEGATOR: ReadonlySet<string> = new Set(['delegator', 'hook', 'logLevel', 'hideOptionsRoute'])

function translateObject (object: t.ObjectExpression, call: t.Node, migration: Migration): void {
  const { source, edits, remarks, done } = migration
  if (done.has(object)) return
  const given = new GivenOptions(object, source)
  const delegator = given.find('delegator')
  const written = delegator?.property.type === 'ObjectProperty' ? delegator.property.value : delegator?.property
  const found = written === undefined ? undefined : source.resolve(written)
  if (found === undefined || written === undefined || !isFunction(found)) {
    migration.registrations.push({ scope: source.scopeOf(call), values: translateOptions(object, 'registration', migration).values })
    return
  }
  const { text, always } = translateDelegator(found, written, migration)
  const ignored = given.options.filter(({ name }) => !BESIDE_DELEGATOR.has(name))
  for (const { property, owner } of ignored) edits.removeProperty(owner, property)
  if (ignored.length > 0) {
    remarks.add(object, 'beside-delegator', `${ignored.map(({ name }) => name).join(', ')} had no effect beside a delegator there, whose result took the place of all options. ` +
      'Here the result is merged over them, so they are left out', 'write them again if they are to hold wherever the result says nothing else')
  }
  if (text !== null && delegator !== undefined) edits.replace(rangeOf(delegator.property), text.slice(1, -1).trim())
  else for (const option of defaultsOf(always, object, migration)) edits.addProperty(object, option)
  done.add(object)
}

/**
 * Translates the options of a file that registers nothing.
 *
 * @returns how many objects there are
 */
export function translateOptionObjects (migration: Migration): number {
  const objects = optionObjects(migration.source).filter(object => !migration.options.has(object))
  for (const object of objects) translateObject(object, object, migration)
  return objects.length
}

/**
 * Translates what routes have in `config.cors`.
 *
 * @returns how many have options there
 */
export function translateRoutes (migration: Migration): number {
  const overrides = Array.from(walk(migration.source.root)).flatMap(overridesIn)
  for (const override of overrides) translateOptions(override, 'route', migration)
  const widening = overrides.find(override => new GivenOptions(override, migration.source).options.some(({ name }) => ALLOWING.has(name)))
  if (widening !== undefined) {
    migration.remarks.add(widening, 'route-preflights', 'the preflights of a route have its own options here. There they had those of the registration, so that browsers blocked what only the route allows',
      'Nothing, if pages are to call the route so; else leave the option out')
  }
  return overrides.length
}

/** The options that decide about preflights. */
const ALLOWING: ReadonlySet<string> = new Set(['origin', 'methods', 'allowedHeaders', 'credentials'])

function overridesIn (node: t.Node): t.ObjectExpression[] {
  if (node.type !== 'ObjectProperty' || keyOf(node) !== 'config' || node.value.type !== 'ObjectExpression') return []
  return node.value.properties.flatMap(member =>
    member.type === 'ObjectProperty' && keyOf(member) === 'cors' && member.value.type === 'ObjectExpression' ? [member.value] : [])
}
