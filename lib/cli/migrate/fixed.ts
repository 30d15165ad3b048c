import type * as t from '@babel/types'
import type { Source } from './source.js'
import { childrenOf, isFunction, isWithin, methodOf, nameOf, type Range, rangeOf } from './syntax.js'

/** Methods that give the same each time they are called. */
const STATIC_METHODS: ReadonlySet<string | null> = new Set(['split', 'filter', 'concat', 'trim', 'freeze'])

/**
 * True for an expression that can move out of its function: it says the same at boot as at each request, because it waits
 * for nothing, calls no function of the application, and depends on nothing that a function gets, or that changes.
 */
export function isFixed (node: t.Node, source: Source, fn: Range): boolean {
  const areFixed = (nodes: readonly t.Node[]): boolean => nodes.every(inner => isFixed(inner, source, fn))
  switch (node.type) {
    case 'AwaitExpression':
    case 'ThisExpression':
      return false
    case 'CallExpression':
    case 'OptionalCallExpression':
      return STATIC_METHODS.has(methodOf(node)) && areFixed(childrenOf(node))
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return areFixed([node.object, ...node.computed ? [node.property] : []])
    case 'ObjectProperty':
      return areFixed([node.value, ...node.computed ? [node.key] : []])
    case 'Identifier': {
      const local = localValueOf(node, source, fn)
      return source.isConstant(node.name) && (local === undefined || (local !== null && areFixed([local])))
    }
    default:
      return !isFunction(node) && areFixed(childrenOf(node))
  }
}

/** The text of a fixed expression outside of its function: names of the function are replaced by their values. */
export function movedText (node: t.Node, source: Source, fn: Range): string {
  const local = localValueOf(node, source, fn)
  return source.textOf(local ?? node)
}

/** The value of a name that the function declares; `undefined` where it declares none, `null` where it has no single value. */
function localValueOf (node: t.Node, source: Source, fn: Range): t.Node | null | undefined {
  const name = nameOf(node)
  const declaration = name === null ? null : source.declarationOf(name)
  if (declaration === null || !isWithin(rangeOf(declaration), fn)) return undefined
  return declaration.type === 'VariableDeclarator' && declaration.id.type === 'Identifier' ? declaration.init ?? null : null
}
