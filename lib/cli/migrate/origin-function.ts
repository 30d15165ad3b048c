import type * as t from '@babel/types'
import { isOpenToAnyone } from '../../origin/public-suffix.js'
import { quote } from '../../text.js'
import { callbackOf, returnAnswers, returnedBy, wrapInPromise } from './callback.js'
import { checkValues } from './check.js'
import { isFixed, movedText } from './fixed.js'
import { outcomeOf, type Outcome, refuses, splitOutcome } from './outcome.js'
import { chosen, type Conditions, entriesText, isAll, isNone, knownOrigins, NONE, type OriginSet, originsOf } from './origins.js'
import type { Migration } from './migration.js'
import type { Source } from './source.js'
import { type FunctionNode, isFunction, methodOf, nameOf, namesIn, rangeOf, walk, withoutTypes } from './syntax.js'
import { SOME_FUNCTION, type Value, valueOf } from './values.js'

/** An origin function after the move. */
export interface TranslatedOrigin {
  /** The text in its place; `null` where it stays a function. */
  readonly text: string | null
  readonly value: Value
  /** It refused origins with an error, so that their requests reached no handler. */
  readonly isEnforcing: boolean
}

const OPAQUE: Value = { alternatives: [SOME_FUNCTION], unknown: [] }

/**
 * Translates a function that decides about an origin. What is a list in the end becomes the list, which can be checked;
 * what calls back returns.
 *
 * @param value where it stands among the options: the function, or its name
 */
export function translateOriginFunction (fn: FunctionNode, value: t.Node, migration: Migration): TranslatedOrigin {
  const { source } = migration
  const [first] = fn.params
  const input = first === undefined ? null : nameOf(first)
  const range = rangeOf(fn)
  const conditions: Conditions = { source, isOrigin: node => isInput(node, input), isFixed: node => isFixed(node, source, range) }
  const callback = callbackOf(fn)
  const outcome = fn.params.length > 2 ? null : outcomeOf(fn, callback)
  const set = outcome === null ? null : allowedBy(outcome, conditions)
  if (outcome !== null && set !== null && (!set.isComplement || isAll(set))) {
    const isEnforcing = refuses(outcome) && !isAll(set)
    if (isEnforcing) remarkError(fn, conditions, migration)
    return { text: textOf(set, fn, source), value: knownOrigins(set, source), isEnforcing }
  }
  remarkLooseChecks(fn, input, conditions, migration)
  if (migration.done.has(fn)) return { text: null, value: OPAQUE, isEnforcing: false }
  migration.done.add(fn)
  return { text: null, value: OPAQUE, isEnforcing: callback === null ? keep(fn, conditions, migration) : rewrite(fn, callback, value, conditions, migration) }
}

function isInput (node: t.Node, input: string | null): boolean {
  const plain = withoutTypes(node)
  if (plain.type === 'LogicalExpression' && plain.operator !== '&&') return isInput(plain.left, input)
  return input !== null && nameOf(plain) === input
}

/** The origins that an answer allows. */
function allowedBy (answer: Outcome, conditions: Conditions): OriginSet | null {
  const outcome = splitOutcome(answer)
  switch (outcome.kind) {
    case 'refused':
      return NONE
    case 'failed':
      return null
    case 'result':
      return outcome.node === null ? NONE : resultOf(outcome.node, conditions)
    case 'branch':
      return chosen(originsOf(outcome.test, conditions), allowedBy(outcome.yes, conditions), allowedBy(outcome.no, conditions))
  }
}

/** The origins that a result allows: a condition, the origin itself, or origins. */
function resultOf (node: t.Node, conditions: Conditions): OriginSet | null {
  const { alternatives: [only, ...others], unknown } = valueOf(conditions.source, node)
  const isList = Array.isArray(only)
  if (others.length === 0 && unknown.length === 0 && (isList || typeof only === 'string') && conditions.isFixed(node)) {
    return { entries: [{ node, isList, isSet: false }], isComplement: false }
  }
  return node.type === 'NullLiteral' ? NONE : originsOf(node, conditions)
}

function textOf (set: OriginSet, fn: FunctionNode, source: Source): string {
  if (isAll(set)) return 'true'
  return isNone(set) ? 'false' : entriesText(set.entries, node => movedText(node, source, rangeOf(fn)))
}

/** A function that returns already. */
function keep (fn: FunctionNode, conditions: Conditions, migration: Migration): boolean {
  for (const node of returnedBy(fn)) {
    const text = booleanText(node, conditions, migration)
    if (text !== migration.source.textOf(node)) {
      migration.edits.replace(rangeOf(node), text)
      migration.edits.showWhole(rangeOf(fn))
    }
  }
  return false
}

function rewrite (fn: FunctionNode, callback: string, value: t.Node, conditions: Conditions, migration: Migration): boolean {
  const { edits, remarks } = migration
  const answers = { result: (node: t.Node | null) => node === null ? 'false' : booleanText(node, conditions, migration), refused: 'false' }
  const found = returnAnswers(fn, callback, answers, edits)
  if (found === null) {
    wrapInPromise(value, 'origin', 'result === true || result === origin', edits)
    remarks.add(value, 'callback-wrapped', 'this function calls back from another function, so it is put into a promise as it is',
      'return the answer from it: (origin, request) => boolean, or a promise of one')
    return false
  }
  const isEnforcing = found.some(refuses)
  if (isEnforcing) remarkError(fn, conditions, migration)
  return isEnforcing
}

function remarkError (fn: FunctionNode, { isOrigin }: Conditions, { remarks, source }: Migration): void {
  const asksWhetherThere = Array.from(walk(fn)).some(node =>
    (node.type === 'UnaryExpression' && isOrigin(node.argument)) || (node.type === 'BinaryExpression' && isOrigin(node.left) && source.textOf(node.right) === 'undefined'))
  remarks.add(fn, 'callback-error', 'an error kept the requests of origins that are not allowed from every handler, with status 500. ' +
    'enforce: \'unsafe\' keeps from it what is not GET, HEAD or OPTIONS, with status 403; browsers let no page read the rest' +
    (asksWhetherThere ? '' : '. Requests without Origin (curl, other servers, the server\'s own pages) got the error too, and are served here'),
  'enforce: \'all\' refuses the GET requests of other origins too')
}

/** The result of a function as true or false. */
function booleanText (node: t.Node, { source, isOrigin }: Conditions, { remarks }: Migration): string {
  const result = withoutTypes(node)
  const text = source.textOf(result)
  if (isOrigin(result)) return 'true'
  if (isBoolean(result, source)) return text
  const { alternatives: [only, ...others], unknown } = valueOf(source, result)
  if (others.length === 0 && unknown.length === 0) {
    if (Array.isArray(only)) return `${text}.includes(origin)`
    if (typeof only === 'string') return `origin === ${quote(only)}`
  }
  remarks.add(node, 'origin-result', `${text} must be true or false: nothing but true allows the origin. There, a text or a list was compared with it`, null)
  return text
}

/** How far names and functions are followed: they can lead to each other in a circle. */
const MAX_DEPTH = 8

function isBoolean (given: t.Node, source: Source, depth: number = 0): boolean {
  const node = source.resolve(given)
  const areBoolean = (nodes: readonly t.Node[]): boolean => depth < MAX_DEPTH && nodes.length > 0 && nodes.every(inner => isBoolean(inner, source, depth + 1))
  switch (node.type) {
    case 'BooleanLiteral':
    case 'BinaryExpression':
      return true
    case 'UnaryExpression':
      return node.operator === '!'
    case 'LogicalExpression':
      return areBoolean([node.left, node.right])
    case 'ConditionalExpression':
      return areBoolean([node.consequent, node.alternate])
    case 'CallExpression': {
      const called = source.resolve(node.callee)
      if (isFunction(called)) return !called.async && !called.generator && areBoolean(returnedBy(called))
      return nameOf(node.callee) === 'Boolean' || BOOLEAN_METHODS.has(methodOf(node))
    }
    default:
      return false
  }
}

const BOOLEAN_METHODS: ReadonlySet<string | null> = new Set(['includes', 'some', 'every', 'has', 'test', 'startsWith', 'endsWith'])

/** Checks of a part of the origin, which strangers can have in theirs, and expressions that match too much. */
function remarkLooseChecks (fn: FunctionNode, input: string | null, { source, isOrigin }: Conditions, migration: Migration): void {
  const names = partsOf(fn, input)
  for (const node of walk(fn)) {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || node.arguments[0] === undefined) continue
    const [argument] = node.arguments
    const { object } = node.callee
    const method = methodOf(node)
    const expression = method === 'test' && isOrigin(argument) ? object : method === 'match' && isOrigin(object) ? argument : null
    if (expression !== null) checkValues(new Map([['origin', valueOf(source, expression)]]), () => node, migration)
    if (isOrigin(argument) || !mentions(object, names)) continue
    const evil = strangerWith(method, valueOf(source, argument).alternatives[0])
    if (evil === null) continue
    migration.remarks.add(node, 'loose-check', `${source.textOf(node)} also holds for ${evil}`,
      'list the origins as they are, and subdomains as a pattern: [\'https://example.com\', \'https://*.example.com\']')
  }
}

/** The names of the origin and of its parts: `const { hostname } = new URL(origin)`, `hostname = new URL(origin).hostname`. */
function partsOf (fn: FunctionNode, input: string | null): Set<string | null> {
  const names = new Set([input])
  for (const node of walk(fn)) {
    const [target, value] = node.type === 'VariableDeclarator' ? [node.id, node.init] : node.type === 'AssignmentExpression' ? [node.left, node.right] : []
    if (target === undefined || value == null || isFunction(value) || !mentions(value, names)) continue
    for (const name of namesIn(target)) names.add(name)
  }
  return names
}

function mentions (node: t.Node, names: ReadonlySet<string | null>): boolean {
  return Array.from(walk(node)).some(inner => inner.type === 'Identifier' && names.has(inner.name))
}

function strangerWith (method: string | null, part: unknown): string | null {
  switch (method) {
    case 'includes':
    case 'indexOf':
    case 'startsWith':
      return typeof part === 'string' ? `${part.includes('://') ? part : `https://${part.replace(/^\./, '')}`}.evil.example` : 'an origin that goes on after it'
    case 'endsWith':
      return typeof part === 'string' && !/^\w+:/.test(part) && (!part.startsWith('.') || isOpenToAnyone(part.slice(1))) ? `https://evil${part}` : null
    default:
      return null
  }
}
