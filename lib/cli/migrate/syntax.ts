import type * as t from '@babel/types'

/** A part of a file. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** Any function with a body. */
export type FunctionNode = t.ArrowFunctionExpression | t.FunctionExpression | t.FunctionDeclaration | t.ObjectMethod | t.ClassMethod

export function isFunction (node: t.Node): node is FunctionNode {
  return ['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration', 'ObjectMethod', 'ClassMethod'].includes(node.type)
}

export function rangeOf (node: t.Node): Range {
  return { start: Number(node.start), end: Number(node.end) }
}

export function isWithin (inner: Range, outer: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end
}

/** The nodes right in a node, in the order of the text. */
export function childrenOf (node: t.Node): t.Node[] {
  return Object.values(node).flat().filter(isNode)
}

/** A node and all nodes in it, in the order of the text. */
export function * walk (node: t.Node, enters: (node: t.Node) => boolean = () => true): Generator<t.Node> {
  yield node
  for (const child of childrenOf(node)) if (enters(child)) yield * walk(child, enters)
}

function isNode (value: unknown): value is t.Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'loc' in value
}

/** The nodes of a function without those of the functions in it. */
export function walkOwn (fn: FunctionNode): Generator<t.Node> {
  return walk(fn.body, node => !isFunction(node))
}

/** An expression without what only TypeScript reads: `x as T`, `x!`, `x satisfies T`. */
export function withoutTypes (node: t.Node): t.Node {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'ParenthesizedExpression':
      return withoutTypes(node.expression)
    default:
      return node
  }
}

export function nameOf (node: t.Node): string | null {
  const plain = withoutTypes(node)
  return plain.type === 'Identifier' ? plain.name : null
}

/** The name of a property; `null` where it is computed. */
export function keyOf ({ key, computed }: t.ObjectProperty | t.ObjectMethod): string | null {
  if (key.type === 'StringLiteral') return key.value
  return key.type === 'Identifier' && !computed ? key.name : null
}

/** The names that a pattern declares, without those of its types and its keys. */
export function namesIn (pattern: t.Node | null | undefined): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name]
    case 'ObjectPattern':
      return pattern.properties.flatMap(property => namesIn(property.type === 'ObjectProperty' ? property.value : property))
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesIn)
    case 'AssignmentPattern':
      return namesIn(pattern.left)
    case 'RestElement':
      return namesIn(pattern.argument)
    case 'TSParameterProperty':
      return namesIn(pattern.parameter)
    default:
      return []
  }
}

/** The name of the method that is called; `null` where it is computed, or no method is. */
export function methodOf ({ callee }: t.CallExpression | t.OptionalCallExpression): string | null {
  return isMember(callee) && !callee.computed ? nameOf(callee.property) : null
}

export function isMember (node: t.Node): node is t.MemberExpression | t.OptionalMemberExpression {
  return node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression'
}
