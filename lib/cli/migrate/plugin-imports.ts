import type * as t from '@babel/types'
import type { Edits } from './edits.js'
import type { Remarks } from './remarks.js'
import { nameOf, rangeOf, type Source, walk, withoutTypes } from './source.js'

const THERE = '@fastify/cors'
const HERE = 'fastify-cors-policy'

/** The names that the package exports there, and what they are called here. */
const EXPORTED: ReadonlyMap<string | null, string> = new Map([
  ['default', 'default'],
  ['fastifyCors', 'corsPlugin'],
  ['FastifyCorsOptions', 'CorsOptions']
])

/** Has a file load the plugin from this package. Its own names stay, so that nothing else has to change. */
export class PluginImports {
  readonly #names = new Set<string>()
  readonly #loads: t.Node[] = []

  constructor (private readonly source: Source) {
    for (const node of walk(source.root)) this.#find(node)
  }

  /** Whether the file loads the other plugin at all. */
  get areThere (): boolean {
    return this.#loads.length > 0
  }

  /** Whether an expression is the plugin: its name, or what loads it. */
  isPlugin (node: t.Node): boolean {
    const plain = withoutTypes(node)
    if (plain.type === 'Identifier') return this.#names.has(plain.name)
    if (plain.type === 'MemberExpression') return EXPORTED.has(nameOf(plain.property)) && this.isPlugin(plain.object)
    return plain.type === 'AwaitExpression' ? this.isPlugin(plain.argument) : isLoad(plain)
  }

  /** Writes the changes. */
  translate (edits: Edits, remarks: Remarks): void {
    for (const specifier of this.#loads) {
      const { start, end } = rangeOf(specifier)
      edits.replace({ start: start + 1, end: end - 1 }, HERE)
    }
    for (const node of walk(this.source.root)) this.#rename(node, edits, remarks)
  }

  #find (node: t.Node): void {
    if (node.type === 'ImportDeclaration' && node.source.value === THERE) {
      this.#loads.push(node.source)
      for (const { local } of node.specifiers) this.#names.add(local.name)
    } else if (node.type === 'TSExternalModuleReference' && node.expression.value === THERE) {
      this.#loads.push(node.expression)
    } else if (node.type === 'TSImportEqualsDeclaration' && node.moduleReference.type === 'TSExternalModuleReference' && node.moduleReference.expression.value === THERE) {
      this.#names.add(node.id.name)
    } else if (node.type === 'VariableDeclarator' && node.init !== null && node.init !== undefined && this.isPlugin(node.init)) {
      for (const name of walk(node.id)) if (name.type === 'Identifier') this.#names.add(name.name)
    } else if (isLoad(node)) {
      this.#loads.push(...node.arguments.slice(0, 1))
    }
  }

  #rename (node: t.Node, edits: Edits, remarks: Remarks): void {
    if (node.type === 'ImportDeclaration' && node.source.value === THERE) {
      for (const specifier of node.specifiers) if (specifier.type === 'ImportSpecifier') renameImport(specifier, edits, remarks)
    } else if (node.type === 'VariableDeclarator' && node.id.type === 'ObjectPattern' && node.init !== null && node.init !== undefined && this.isPlugin(node.init)) {
      for (const property of node.id.properties) {
        if (property.type === 'ObjectProperty' && nameOf(property.key) === 'fastifyCors') edits.replace(rangeOf(property), `corsPlugin: ${edits.source.textOf(property.value)}`)
      }
    } else if (node.type === 'MemberExpression' && nameOf(node.property) === 'fastifyCors' && this.isPlugin(node.object)) {
      edits.replace(rangeOf(node.property), 'corsPlugin')
    }
  }
}

function renameImport ({ imported, local, ...specifier }: t.ImportSpecifier, edits: Edits, remarks: Remarks): void {
  const name = imported.type === 'Identifier' ? imported.name : imported.value
  const here = EXPORTED.get(name)
  if (here === undefined) remarks.add(imported, 'unknown-import', `${HERE} exports nothing that is called ${name}`, 'its types are CorsOptions, RouteCorsOptions and CorsDecision, among others')
  else if (here !== name) edits.replace(rangeOf({ ...specifier, imported, local }), `${specifier.importKind === 'type' ? 'type ' : ''}${here} as ${local.name}`)
}

/** `require('@fastify/cors')`, or `import('@fastify/cors')`. */
function isLoad (node: t.Node): node is t.CallExpression {
  if (node.type !== 'CallExpression') return false
  const [argument] = node.arguments
  return (node.callee.type === 'Import' || nameOf(node.callee) === 'require') && argument?.type === 'StringLiteral' && argument.value === THERE
}
