import type * as t from '@babel/types'
import { Edits } from './edits.js'
import { lateLoads, PackageNames } from './package-names.js'
import type { Remarks } from './migration.js'
import type { Source } from './source.js'
import { isWithin, nameOf, namesIn, type Range, rangeOf, walk } from './syntax.js'

const THERE = '@fastify/cors'
const HERE = 'fastify-cors-policy'

/** The name of the plugin where the file has none. */
const NAME = 'corsPlugin'

/** The names that the package exports there, and what they are called here. */
const EXPORTED: ReadonlyMap<string | null, string> = new Map([
  ['default', 'default'],
  ['fastifyCors', NAME],
  ['FastifyCorsOptions', 'CorsOptions']
])

/** Has a file load the plugin from this package. Its own names stay, so that nothing else has to change. */
export class PluginImports {
  private readonly names: PackageNames
  private readonly nodes: readonly t.Node[]

  constructor (private readonly source: Source) {
    this.names = new PackageNames(source, THERE, EXPORTED)
    this.nodes = Array.from(walk(source.root))
  }

  /** True if the file loads the other plugin at all. */
  get areThere (): boolean {
    return this.names.loads.length > 0
  }

  /** True if the file loads this package already. */
  get areMigrated (): boolean {
    return new PackageNames(this.source, HERE, EXPORTED).loads.length > 0
  }

  /** True for an expression that is the plugin: its name, or what loads it. */
  isPlugin (node: t.Node): boolean {
    return this.names.isFunction(node)
  }

  /** Writes the changes. */
  translate (edits: Edits, remarks: Remarks): void {
    const lines = new Set<string>()
    const moved = lateLoads(this.source, this.names).map(load => this.moveUp(load, lines, edits, remarks))
    this.rename(edits, remarks, range => !moved.some(whole => whole !== null && isWithin(range, whole)))
    if (lines.size > 0) edits.addAtTop(Array.from(lines))
  }

  /**
   * Has the file load the plugin at its top: by the declaration that does, by a name in the place of what loads it, or
   * once more, where neither can be.
   *
   * @param lines the lines at the top
   * @returns the part of the file that goes, or is replaced; `null` where it stays
   */
  private moveUp (load: t.Node, lines: Set<string>, edits: Edits, remarks: Remarks): Range | null {
    const around = this.nodes.filter(node => isWithin(rangeOf(load), rangeOf(node)))
    const declaration = around.findLast(node => node.type === 'VariableDeclaration')
    if (declaration !== undefined && this.canMove(declaration)) {
      const range = rangeOf(declaration)
      const moved = new Edits(this.source)
      this.rename(moved, remarks, inner => isWithin(inner, range))
      lines.add(moved.apply(range))
      edits.removeStatement(declaration)
      return range
    }
    const isModule = this.source.isModule
    const quote = this.source.textOf(load).includes('"') ? '"' : '\''
    const expression = around.find(node => this.isPlugin(node))
    const isArgument = around.some(node => node.type === 'CallExpression' && node.arguments.some(argument => argument === expression))
    if (expression !== undefined && isArgument && !this.nodes.some(node => nameOf(node) === NAME)) {
      lines.add(isModule ? `import ${NAME} from ${quote}${HERE}${quote}` : `const ${NAME} = require(${quote}${HERE}${quote})`)
      edits.replace(rangeOf(expression), NAME)
      return rangeOf(expression)
    }
    if (lines.size === 0) lines.add(isModule ? `import ${quote}${HERE}${quote}` : `require(${quote}${HERE}${quote})`)
    return null
  }

  /** `const cors = require('@fastify/cors')`, of names that nothing else has. */
  private canMove (declaration: t.VariableDeclaration): boolean {
    const [only, ...others] = declaration.declarations
    return only?.init !== undefined && only.init !== null && others.length === 0 && this.isPlugin(only.init) && !this.source.isModule &&
      Array.from(walk(only.init)).every(node => node.type !== 'AwaitExpression') &&
      namesIn(only.id).every(name => this.source.declarationOf(name) !== null)
  }

  /** Writes the names of this package, in the parts of the file that are meant. */
  private rename (edits: Edits, remarks: Remarks, isMeant: (range: Range) => boolean): void {
    for (const load of this.names.loads) {
      const { start, end } = rangeOf(load)
      if (isMeant({ start, end })) edits.replace({ start: start + 1, end: end - 1 }, HERE)
    }
    for (const node of this.nodes) if (isMeant(rangeOf(node))) this.renameIn(node, edits, remarks)
  }

  private renameIn (node: t.Node, edits: Edits, remarks: Remarks): void {
    if (node.type === 'ImportDeclaration' && node.source.value === THERE) {
      for (const specifier of node.specifiers) if (specifier.type === 'ImportSpecifier') renameImport(specifier, edits, remarks)
    } else if (node.type === 'VariableDeclarator' && node.id.type === 'ObjectPattern' && node.init != null && this.isPlugin(node.init)) {
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
