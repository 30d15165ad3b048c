import type * as t from '@babel/types'
import type { Source } from './source.js'
import { isFunction, nameOf } from './syntax.js'

/** As much of an expression's value as can be known without running it. */
export interface Value {
  /** Its possible values: several where a condition chooses, none where nothing is known. */
  readonly alternatives: readonly unknown[]
  /** The parts that can't be known. */
  readonly unknown: readonly t.Node[]
}

/** Stands for any function of the application. */
export const SOME_FUNCTION: unknown = Boolean

/** Deeper expressions are read as unknown, and so are those that lead back to themselves. */
const MAX_DEPTH = 20

/** Reads the value of an expression. */
export function valueOf (source: Source, node: t.Node, depth: number = 0): Value {
  if (depth > MAX_DEPTH) return unknown(node)
  const read = (inner: t.Node): Value => valueOf(source, inner, depth + 1)
  const name = nameOf(node)
  if (name === 'undefined') return known(undefined)
  if (name !== null && source.isChanged(name)) return { ...read(source.resolve(node)), unknown: [node] }
  const found = source.resolve(node)
  if (isFunction(found)) return known(SOME_FUNCTION)
  switch (found.type) {
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'BooleanLiteral':
      return known(found.value)
    case 'NullLiteral':
      return known(null)
    case 'TemplateLiteral':
      return found.expressions.length === 0 ? known(found.quasis.map(({ value }) => value.cooked).join('')) : unknown(node)
    case 'RegExpLiteral':
      return expressionOf(found)
    case 'UnaryExpression':
      return found.operator === '!' ? EITHER : unknown(node)
    case 'BinaryExpression':
      return COMPARING.has(found.operator) ? EITHER : product(read(found.left), read(found.right), found)
    case 'ConditionalExpression':
      return either(read(found.consequent), read(found.alternate))
    case 'LogicalExpression':
      return either(found.operator === '&&' ? known(false) : read(found.left), read(found.right))
    case 'ArrayExpression':
      return listOf(found, read)
    case 'NewExpression':
      return nameOf(found.callee) === 'Set' && found.arguments[0] !== undefined ? read(found.arguments[0]) : unknown(node)
    case 'CallExpression':
      return called(found, read) ?? unknown(node)
    default:
      return unknown(node)
  }
}

const EITHER: Value = { alternatives: [true, false], unknown: [] }

const COMPARING: ReadonlySet<string> = new Set(['===', '==', '!==', '!=', '<', '<=', '>', '>=', 'in', 'instanceof'])

function known (value: unknown): Value {
  return { alternatives: [value], unknown: [] }
}

function unknown (node: t.Node): Value {
  return { alternatives: [], unknown: [node] }
}

function either (a: Value, b: Value): Value {
  return { alternatives: [...a.alternatives, ...b.alternatives], unknown: [...a.unknown, ...b.unknown] }
}

/** Seconds are often written so: `60 * 60`. */
function product ({ alternatives: [a] }: Value, { alternatives: [b] }: Value, node: t.BinaryExpression): Value {
  return node.operator === '*' && typeof a === 'number' && typeof b === 'number' ? known(a * b) : unknown(node)
}

function expressionOf (node: t.RegExpLiteral): Value {
  try {
    return known(new RegExp(node.pattern, node.flags))
  } catch {
    return unknown(node)
  }
}

/** The items that are known, each alternative beside the others: what is wrong with one is wrong with the list. */
function listOf (list: t.ArrayExpression, read: (node: t.Node) => Value): Value {
  const items: unknown[] = []
  const missing: t.Node[] = []
  for (const element of list.elements) {
    if (element === null) continue
    const isSpread = element.type === 'SpreadElement'
    const { alternatives, unknown } = read(isSpread ? element.argument : element)
    items.push(...isSpread ? alternatives.flat() : alternatives)
    missing.push(...unknown)
  }
  return { alternatives: items.length === 0 && missing.length > 0 ? [] : [items], unknown: missing }
}

/** Calls that say no more than what they are given: `Object.freeze([…])`, `[…].filter(Boolean)`, `'a,b'.split(',')`. */
function called ({ callee, arguments: [argument] }: t.CallExpression, read: (node: t.Node) => Value): Value | null {
  if (callee.type !== 'MemberExpression' || argument === undefined) return null
  const method = nameOf(callee.property)
  if (method === 'freeze') return read(argument)
  const { alternatives, unknown } = read(callee.object)
  if (method === 'filter' && nameOf(argument) === 'Boolean') {
    const lists = alternatives.map(list => Array.isArray(list) ? list.filter(Boolean) : list)
    // Where nothing is left of what is known, the rest is what it is about.
    return { alternatives: lists.filter(list => unknown.length === 0 || !Array.isArray(list) || list.length > 0), unknown }
  }
  const [separator] = read(argument).alternatives
  const texts = alternatives.filter(text => typeof text === 'string')
  return method === 'split' && typeof separator === 'string' ? { alternatives: texts.map(text => text.split(separator)), unknown } : null
}
