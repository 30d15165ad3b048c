import type * as t from '@babel/types'
import { isFunction, isWithin, nameOf, type Range, rangeOf, type Source, walk } from './source.js'
import { methodOf } from './origins.js'

/** Methods that give the same each time they are called. */
const STATIC_METHODS: ReadonlySet<string> = new Set(['split', 'filter', 'concat', 'trim', 'freeze'])

/**
 * Whether an expression of a function can move out of it: it says the same at boot as at each request, because it waits
 * for nothing, calls no function of the application, and depends on nothing that a function gets, or that changes.
 */
export function isFixed (node: t.Node, source: Source, fn: Range): boolean {
  return Array.from(walk(node)).every(inner => {
    if (inner.type === 'AwaitExpression' || inner.type === 'ThisExpression' || isFunction(inner)) return false
    if (inner.type === 'CallExpression' || inner.type === 'OptionalCallExpression') return STATIC_METHODS.has(methodOf(inner) ?? '')
    if (inner.type !== 'Identifier') return true
    const local = localValueOf(inner, source, fn)
    return source.isConstant(inner.name) && (local === undefined || (local !== null && isFixed(local, source, fn)))
  })
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
