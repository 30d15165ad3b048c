import type * as t from '@babel/types'
import type { Source } from './source.js'
import { nameOf, rangeOf, walk, withoutTypes } from './syntax.js'

/** Where a file loads a package, and what it calls it. */
export class PackageNames {
  /** The names of the package, as they stand between quotes. */
  readonly loads: t.Node[] = []
  private readonly names = new Set<string>()

  /** @param exported names under which the package exports the function that it is for */
  constructor (source: Source, private readonly name: string, private readonly exported: { has (name: string | null): boolean }) {
    for (const node of walk(source.root)) this.find(node)
  }

  /** True for the function that the package is for: its name, or what loads it. */
  isFunction (node: t.Node): boolean {
    const plain = withoutTypes(node)
    if (plain.type === 'Identifier') return this.names.has(plain.name)
    if (plain.type === 'MemberExpression') return this.exported.has(nameOf(plain.property)) && this.isFunction(plain.object)
    return plain.type === 'AwaitExpression' ? this.isFunction(plain.argument) : this.isLoad(plain)
  }

  /** `require('…')`, or `import('…')`. */
  isLoad (node: t.Node): node is t.CallExpression {
    if (node.type !== 'CallExpression') return false
    const [argument] = node.arguments
    return (node.callee.type === 'Import' || nameOf(node.callee) === 'require') && argument?.type === 'StringLiteral' && argument.value === this.name
  }

  private find (node: t.Node): void {
    if (node.type === 'ImportDeclaration' && node.source.value === this.name) {
      this.loads.push(node.source)
      for (const { local } of node.specifiers) this.names.add(local.name)
    } else if ((node.type === 'ExportNamedDeclaration' || node.type === 'ExportAllDeclaration') && node.source?.value === this.name) {
      this.loads.push(node.source)
    } else if (node.type === 'TSExternalModuleReference' && node.expression.value === this.name) {
      this.loads.push(node.expression)
    } else if (node.type === 'TSImportEqualsDeclaration' && node.moduleReference.type === 'TSExternalModuleReference' && node.moduleReference.expression.value === this.name) {
      this.names.add(node.id.name)
    } else if (node.type === 'VariableDeclarator' && node.init != null && this.isFunction(node.init)) {
      for (const name of walk(node.id)) if (name.type === 'Identifier') this.names.add(name.name)
    } else if (this.isLoad(node)) {
      this.loads.push(...node.arguments.slice(0, 1))
    }
  }
}

/**
 * The calls that load the plugin after `Fastify()` has been called. It would not know the routes that are declared before
 * it has loaded, and so not what they have in `config.cors`.
 */
export function lateLoads (source: Source, plugin: PackageNames): t.CallExpression[] {
  const nodes = Array.from(walk(source.root))
  const fastify = new PackageNames(source, 'fastify', new Set(['default', 'fastify']))
  const made = nodes.filter(node => node.type === 'CallExpression' && fastify.isFunction(node.callee))
  return nodes.filter(node => plugin.isLoad(node)).filter(load => {
    const scope = source.scopeOf(load)
    const beside = made.filter(call => source.scopeOf(call) === scope)
    // A function without an instance of its own gets one.
    if (beside.length === 0) return scope !== source.scopeOf(source.root)
    return beside.some(call => rangeOf(call).start < rangeOf(load).start)
  })
}
