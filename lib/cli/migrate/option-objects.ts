import type * as t from '@babel/types'
import { returnedBy } from './callback.js'
import type { Source } from './source.js'
import { isFunction, keyOf, nameOf, walk } from './syntax.js'

/** Options that policies have in common: an object with one of them looks like options. */
const NAMES: ReadonlySet<string | null> = new Set(['origin', 'methods', 'credentials', 'allowedHeaders', 'exposedHeaders', 'maxAge', 'delegator'])

export function looksLikeOptions ({ properties }: t.ObjectExpression): boolean {
  return properties.some(property => property.type !== 'SpreadElement' && NAMES.has(keyOf(property)))
}

/** The options of a file that registers nothing: those that have the type of options, or a name that says so. */
export function optionObjects (source: Source): t.ObjectExpression[] {
  return Array.from(walk(source.root)).flatMap(node => valuesIn(node, source)).flatMap(value => {
    const found = source.resolve(value)
    return (isFunction(found) ? returnedBy(found) : [found]).map(node => source.resolve(node))
  }).filter(found => found.type === 'ObjectExpression').filter(looksLikeOptions)
}

function valuesIn (node: t.Node, source: Source): t.Node[] {
  switch (node.type) {
    case 'VariableDeclarator':
      return node.init != null && (isMeant(nameOf(node.id)) || isTyped(node.id, source)) ? [node.init] : []
    case 'ObjectProperty':
      return isMeant(keyOf(node)) ? [node.value] : []
    case 'AssignmentExpression':
      return node.left.type === 'MemberExpression' && isMeant(nameOf(node.left.property)) ? [node.right] : []
    case 'TSSatisfiesExpression':
    case 'TSAsExpression':
      return isOptionsType(node.typeAnnotation, source) ? [node.expression] : []
    case 'FunctionDeclaration':
      return isMeant(node.id?.name ?? null) || isOptionsType(node.returnType, source) ? [node] : []
    default:
      return isFunction(node) && isOptionsType(node.returnType, source) ? [node] : []
  }
}

function isMeant (name: string | null): boolean {
  // Of a plugin file, `@fastify/autoload` takes its options from `autoConfig`.
  return name !== null && /cors|^autoConfig$/i.test(name)
}

function isTyped (id: t.Node, source: Source): boolean {
  return id.type === 'Identifier' && isOptionsType(id.typeAnnotation, source)
}

/** The type of the options, under its own name or another. */
function isOptionsType (type: t.Node | null | undefined, source: Source): boolean {
  if (type?.type === 'TSTypeAnnotation') return isOptionsType(type.typeAnnotation, source)
  if (type?.type !== 'TSTypeReference') return false
  const [declaration] = source.declarationsOf(nameOf(type.typeName) ?? '')
  return declaration?.type === 'ImportSpecifier' && nameOf(declaration.imported) === 'FastifyCorsOptions'
}
