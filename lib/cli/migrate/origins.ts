import type * as t from '@babel/types'
import type { Source } from './source.js'
import { isFunction, isMember, methodOf, nameOf, withoutTypes } from './syntax.js'
import { type Value, valueOf } from './values.js'

/** An origin, an expression, or a list of them, as the code has it. */
export interface Entry {
  readonly node: t.Node
  readonly isList: boolean
  /** The list is a `Set`. */
  readonly isSet: boolean
}

/** A set of origins: those of the entries, or all but those. */
export interface OriginSet {
  readonly entries: readonly Entry[]
  readonly isComplement: boolean
}

export const ALL: OriginSet = { entries: [], isComplement: true }
export const NONE: OriginSet = { entries: [], isComplement: false }

export function isAll ({ entries, isComplement }: OriginSet): boolean {
  return isComplement && entries.length === 0
}

export function isNone ({ entries, isComplement }: OriginSet): boolean {
  return !isComplement && entries.length === 0
}

function not ({ entries, isComplement }: OriginSet): OriginSet {
  return { entries, isComplement: !isComplement }
}

/** @returns `null` where it is no list of entries, nor all but a list */
function or (a: OriginSet | null, b: OriginSet | null): OriginSet | null {
  if (a === null || b === null) return null
  if (isAll(a) || isNone(b)) return a
  if (isAll(b) || isNone(a)) return b
  return a.isComplement || b.isComplement ? null : { entries: [...a.entries, ...b.entries], isComplement: false }
}

function and (a: OriginSet | null, b: OriginSet | null): OriginSet | null {
  if (a === null || b === null) return null
  const union = or(not(a), not(b))
  return union === null ? null : not(union)
}

/** The origins of one branch where a condition holds, and of the other where it does not. */
export function chosen (test: OriginSet | null, yes: OriginSet | null, no: OriginSet | null): OriginSet | null {
  if (test === null || yes === null || no === null) return null
  if (isAll(yes)) return or(test, no)
  if (isAll(no)) return or(not(test), yes)
  return or(and(test, yes), and(not(test), no))
}

/** Where conditions are read. */
export interface Conditions {
  readonly source: Source
  /** True for the origin of the request. */
  readonly isOrigin: (node: t.Node) => boolean
  /** True for an expression that says the same at boot and at each request. */
  readonly isFixed: (node: t.Node) => boolean
}

/**
 * The origins for which a condition holds. An origin is always there: functions are asked for no request without one.
 *
 * @returns `null` where the condition is of none of the usual forms
 */
export function originsOf (node: t.Node, conditions: Conditions): OriginSet | null {
  const { source, isOrigin } = conditions
  const condition = withoutTypes(node)
  if (isOrigin(condition)) return ALL
  switch (condition.type) {
    case 'BooleanLiteral':
      return condition.value ? ALL : NONE
    case 'Identifier': {
      const found = source.resolve(condition)
      return found === condition ? null : originsOf(found, conditions)
    }
    case 'UnaryExpression': {
      const inner = condition.operator === '!' ? originsOf(condition.argument, conditions) : null
      return inner === null ? null : not(inner)
    }
    case 'LogicalExpression': {
      const sides = [originsOf(condition.left, conditions), originsOf(condition.right, conditions)] as const
      return condition.operator === '&&' ? and(...sides) : or(...sides)
    }
    case 'BinaryExpression':
      return compared(condition, conditions)
    case 'CallExpression':
    case 'OptionalCallExpression':
      return asked(condition, conditions)
    default:
      return null
  }
}

/** `origin === 'https://…'`, `list.indexOf(origin) !== -1`, `typeof origin === 'undefined'`. */
function compared ({ operator, left, right }: t.BinaryExpression, conditions: Conditions): OriginSet | null {
  const { source, isOrigin, isFixed } = conditions
  const plain = withoutTypes(left)
  if (plain.type === 'CallExpression') return indexed(plain, operator + source.textOf(right), conditions)
  const isEqual = EQUAL.get(operator)
  if (isEqual === undefined) return null
  const given = (set: OriginSet): OriginSet => isEqual ? set : not(set)
  if (plain.type === 'UnaryExpression' && plain.operator === 'typeof') {
    return isOrigin(plain.argument) && right.type === 'StringLiteral' ? given(right.value === 'string' ? ALL : NONE) : null
  }
  const other = isOrigin(plain) ? right : isOrigin(right) ? left : null
  if (other === null) return null
  if (other.type === 'NullLiteral' || nameOf(other) === 'undefined') return given(NONE)
  return isFixed(other) ? given(only(other)) : null
}

const EQUAL: ReadonlyMap<string, boolean> = new Map([['===', true], ['==', true], ['!==', false], ['!=', false]])

/** Comparisons of `indexOf` that hold where an origin is in the list. */
const FOUND: ReadonlySet<string> = new Set(['!==-1', '!=-1', '>-1', '>=0'])
const NOT_FOUND: ReadonlySet<string> = new Set(['===-1', '==-1', '<0'])

function indexed (call: t.CallExpression, comparison: string, conditions: Conditions): OriginSet | null {
  if (methodOf(call) !== 'indexOf') return null
  const found = asked(call, conditions)
  if (found === null || FOUND.has(comparison)) return found
  return NOT_FOUND.has(comparison) ? not(found) : null
}

/** `list.includes(origin)`, `set.has(origin)`, `/…/.test(origin)`, `origin.match(/…/)`, `list.some(…)`. */
function asked (call: t.CallExpression | t.OptionalCallExpression, conditions: Conditions): OriginSet | null {
  const { isOrigin, isFixed } = conditions
  const [argument] = call.arguments
  if (!isMember(call.callee) || argument === undefined) return nameOf(call.callee) === 'Boolean' && argument !== undefined ? originsOf(argument, conditions) : null
  const { object } = call.callee
  const method = methodOf(call)
  if (method === 'match') return isOrigin(object) && isExpression(argument, conditions) ? only(argument) : null
  if (!isFixed(object)) return null
  if (method === 'some') return isFunction(argument) && asksEach(argument, conditions) ? anyOf(object) : null
  if (!isOrigin(argument)) return null
  if (method === 'test') return isExpression(object, conditions) ? only(object) : null
  // `includes` of a text looks for a part of it, and says nothing about the whole.
  if (method === 'includes' || method === 'indexOf') return isText(object, conditions) ? null : anyOf(object)
  return method === 'has' ? anyOf(object, true) : null
}

/** A function that compares one item with the origin: `item => item === origin`, `item => item.test(origin)`. */
function asksEach ({ params: [param], body }: t.Function, { isOrigin }: Conditions): boolean {
  if (param?.type !== 'Identifier') return false
  const isItem = (node: t.Node): boolean => nameOf(node) === param.name
  if (body.type === 'BinaryExpression') {
    return EQUAL.get(body.operator) === true && ((isItem(body.left) && isOrigin(body.right)) || (isOrigin(body.left) && isItem(body.right)))
  }
  if (body.type !== 'CallExpression' || body.callee.type !== 'MemberExpression' || body.arguments[0] === undefined) return false
  const { object } = body.callee
  const method = methodOf(body)
  return (method === 'test' && isItem(object) && isOrigin(body.arguments[0])) || (method === 'match' && isOrigin(object) && isItem(body.arguments[0]))
}

function isExpression (node: t.Node, { source }: Conditions): boolean {
  const found = source.resolve(node)
  return found.type === 'RegExpLiteral' || (found.type === 'NewExpression' && nameOf(found.callee) === 'RegExp')
}

function isText (node: t.Node, { source }: Conditions): boolean {
  const { type } = source.resolve(node)
  return type === 'StringLiteral' || type === 'TemplateLiteral'
}

function only (node: t.Node): OriginSet {
  return { entries: [{ node, isList: false, isSet: false }], isComplement: false }
}

function anyOf (node: t.Node, isSet: boolean = false): OriginSet {
  return { entries: [{ node, isList: true, isSet }], isComplement: false }
}

/** Entries as the value of `origin`. */
export function entriesText (entries: readonly Entry[], textOf: (node: t.Node) => string): string {
  const [first, ...others] = entries
  if (first !== undefined && others.length === 0 && !first.isSet) return textOf(first.node)
  return `[${entries.map(({ node, isList }) => `${isList ? '...' : ''}${textOf(node)}`).join(', ')}]`
}

/** The origins as far as they can be known, for the check. */
export function knownOrigins (set: OriginSet, source: Source): Value {
  if (set.entries.length === 0) return { alternatives: [isAll(set)], unknown: [] }
  const values = set.entries.map(({ node }) => valueOf(source, node))
  const items = values.flatMap(({ alternatives }) => alternatives.flat())
  return { alternatives: items.length === 0 ? [] : [items], unknown: values.flatMap(({ unknown }) => unknown) }
}
