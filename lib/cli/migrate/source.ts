import { parse, type ParserPlugin } from '@babel/parser'
import type * as t from '@babel/types'
import { CommandError, errorFields } from '../command.js'
import { isFunction, isWithin, keyOf, nameOf, namesIn, type Range, rangeOf, walk, withoutTypes } from './syntax.js'

/** A file, read and not run. */
export class Source {
  readonly root: t.File
  private readonly declared = new Map<string, t.Node[]>()
  private readonly changing = new Set<string>()
  private readonly functions: Range[] = []
  private readonly methods = new Map<string | null, t.Node[]>()

  /** @throws CommandError where it is neither JavaScript nor TypeScript */
  constructor (readonly file: string, readonly text: string) {
    this.root = parsed(file, text)
    for (const node of walk(this.root)) this.note(node)
  }

  /** True for a file with `import` or `export`: an ES module, or TypeScript that becomes CommonJS. */
  get isModule (): boolean {
    return this.root.program.body.some(({ type }) => type === 'ImportDeclaration' || type.startsWith('Export'))
  }

  textOf (node: t.Node): string {
    const { start, end } = rangeOf(node)
    return this.text.slice(start, end)
  }

  lineAt (position: number): number {
    return this.text.slice(0, position).split('\n').length
  }

  lineOf (node: t.Node): number {
    return this.lineAt(rangeOf(node).start)
  }

  /** The function around a node, or the whole file: the innermost of those that do not end before it. */
  scopeOf (node: t.Node): Range {
    const range = rangeOf(node)
    return this.functions.findLast(scope => isWithin(range, scope)) ?? WHOLE_FILE
  }

  /**
   * The only declaration of a name in the file: the first value of a variable, a function or an import.
   *
   * @returns `null` where there are several, or where the variable is assigned again: what it is can't be known
   */
  declarationOf (name: string): t.Node | null {
    const [declaration, ...others] = this.declared.get(name) ?? []
    return declaration === undefined || others.length > 0 ? null : declaration
  }

  /** All declarations of a name in the file, and what is assigned to it. */
  declarationsOf (name: string): readonly t.Node[] {
    return this.declared.get(name) ?? []
  }

  /** True for a name that stands for one thing at boot and at each request: a global one, an import, or a variable that is assigned once. */
  isConstant (name: string): boolean {
    const [declaration, ...others] = this.declared.get(name) ?? []
    const isStatic = declaration === undefined || declaration.type === 'VariableDeclarator' || declaration.type.startsWith('Import')
    return isStatic && others.length === 0 && !this.isChanged(name)
  }

  /** True for a name whose list or object gets further items after its declaration. */
  isChanged (name: string): boolean {
    return this.changing.has(name)
  }

  /** Follows names, and properties of objects, to the expression that they stand for. */
  resolve (node: t.Node): t.Node {
    let plain = withoutTypes(node)
    // Names can lead to each other in a circle.
    for (const seen = new Set<t.Node>(); !seen.has(plain);) {
      seen.add(plain)
      const found = plain.type === 'Identifier' ? this.valueOf(plain.name) : plain.type === 'MemberExpression' ? this.memberOf(plain) : null
      if (found !== null) plain = withoutTypes(found)
    }
    return plain
  }

  private valueOf (name: string): t.Node | null {
    const declaration = this.declarationOf(name)
    if (declaration?.type === 'VariableDeclarator') return declaration.id.type === 'Identifier' ? declaration.init ?? null : null
    return declaration?.type === 'FunctionDeclaration' ? declaration : null
  }

  private memberOf ({ object, property, computed }: t.MemberExpression): t.Node | null {
    if (computed || property.type !== 'Identifier') return null
    if (object.type === 'ThisExpression') return this.methodOf(property.name)
    const owner = this.resolve(object)
    if (owner.type !== 'ObjectExpression' || (object.type === 'Identifier' && this.isChanged(object.name))) return null
    const found = owner.properties.find(member => member.type === 'ObjectProperty' && keyOf(member) === property.name)
    return found?.type === 'ObjectProperty' ? found.value : null
  }

  /** The method that a class of the file has, if only one has it. */
  private methodOf (name: string): t.Node | null {
    const [method, ...others] = this.methods.get(name) ?? []
    return method === undefined || others.length > 0 ? null : method
  }

  private note (node: t.Node): void {
    switch (node.type) {
      case 'VariableDeclarator':
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        for (const name of namesIn(node.id)) this.declare(name, node)
        break
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
      case 'ImportSpecifier':
        this.declare(node.local.name, node)
        break
      case 'ClassMethod':
        this.methods.set(nameOf(node.key), [...this.methods.get(nameOf(node.key)) ?? [], node])
        break
      case 'AssignmentExpression': {
        const name = nameOf(node.left.type === 'MemberExpression' ? node.left.object : node.left)
        if (name !== null) this.change(name, node.left)
        break
      }
      case 'CallExpression':
        if (node.callee.type === 'MemberExpression' && MUTATING.has(nameOf(node.callee.property))) {
          const name = nameOf(node.callee.object)
          if (name !== null) this.changing.add(name)
        }
    }
    if (!isFunction(node)) return
    this.functions.push(rangeOf(node))
    for (const param of node.params) for (const name of namesIn(param)) this.declare(name, param)
  }

  private change (name: string, target: t.Node): void {
    if (target.type === 'Identifier') this.declare(name, target)
    else this.changing.add(name)
  }

  private declare (name: string, node: t.Node): void {
    this.declared.set(name, [...this.declared.get(name) ?? [], node])
  }
}

const WHOLE_FILE: Range = { start: 0, end: Infinity }

/** Methods that add to a list or a set, or take from it. */
const MUTATING: ReadonlySet<string | null> = new Set(['push', 'unshift', 'splice', 'pop', 'shift', 'add', 'delete'])

function parsed (file: string, text: string): t.File {
  const isTyped = /\.[cm]?tsx?$/.test(file)
  const plugins: ParserPlugin[] = ['decorators-legacy', ...isTyped ? ['typescript' as const] : [], ...isTyped && !file.endsWith('x') ? [] : ['jsx' as const]]
  try {
    return parse(text, {
      sourceType: 'unambiguous',
      attachComment: false,
      errorRecovery: true,
      allowAwaitOutsideFunction: true,
      allowReturnOutsideFunction: true,
      plugins
    })
  } catch (error) {
    const { message } = errorFields(error)
    throw new CommandError('file-not-read', `${file} can't be read as ${isTyped ? 'TypeScript' : 'JavaScript'}: ${message}`, { cause: error })
  }
}
