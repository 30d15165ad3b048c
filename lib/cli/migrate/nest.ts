import type * as t from '@babel/types'
import { defaultsOf } from './options.js'
import type { Registration } from './registrations.js'
import type { Migration } from './migration.js'
import type { Source } from './source.js'
import { keyOf, methodOf, nameOf, rangeOf, walk, withoutTypes } from './syntax.js'

/** True for an application on Express: NestJS is, unless it is given the adapter of Fastify. */
export function runsOnExpress (text: string): boolean {
  return /\bNestFactory\b|\benableCors\b/.test(text) && !/\bFastifyAdapter\b/.test(text)
}

/**
 * Turns `app.enableCors(options)` and `NestFactory.create(AppModule, adapter, { cors: options })` into registrations of
 * the plugin, which has to be imported.
 */
export function nestRegistrations (migration: Migration): Registration[] {
  const { source, edits } = migration
  const nodes = Array.from(walk(source.root))
  const bodies = nodes.flatMap(node => node.type === 'BlockStatement' || node.type === 'Program' ? [node.body] : [])
  const onAdapter = bodies.flatMap(body => body.flatMap((statement, i) => {
    const creation = creationOf(statement, source)
    const enabling = creation === null ? null : enablingOf(creation, body.slice(i + 1), migration)
    if (creation === null || enabling === null) return []
    registerOnAdapter(creation, enabling, migration)
    return [enabling]
  }))
  const done = new Set(onAdapter.map(({ call }) => call))
  const inPlace = nodes.flatMap(node => isEnableCors(node) && !done.has(node) ? [node] : [])
  const awaited = new Set(nodes.flatMap(node => node.type === 'AwaitExpression' ? [node.argument] : []))
  for (const call of inPlace) registerInPlace(call, awaited.has(call), migration)
  for (const node of nodes) if (node.type === 'CallExpression' && !done.has(node)) remarkCreateOption(node, migration)
  if (onAdapter.length + inPlace.length > 0) {
    edits.addAtTop([source.isModule ? 'import corsPlugin from \'fastify-cors-policy\'' : 'const corsPlugin = require(\'fastify-cors-policy\')'])
  }
  return [...onAdapter.filter(({ options }) => options !== undefined), ...inPlace.map(call => ({ call, options: call.arguments[0] }))]
}

/** `const app = await NestFactory.create(AppModule, new FastifyAdapter())`: before it, the plugin can be registered. */
interface Creation {
  readonly statement: t.Statement
  readonly call: t.CallExpression
  /** The expression that makes the adapter, or its name. */
  readonly adapter: t.Node
  /** The name of the application. */
  readonly app: string | null
}

function creationOf (statement: t.Statement, source: Source): Creation | null {
  if (statement.type !== 'VariableDeclaration') return null
  const [declarator] = statement.declarations
  const init = declarator?.init == null ? null : withoutTypes(declarator.init)
  const call = init?.type === 'AwaitExpression' ? withoutTypes(init.argument) : null
  if (declarator === undefined || call?.type !== 'CallExpression' || !isCreate(call)) return null
  const adapter = call.arguments.find(argument => {
    const made = source.resolve(argument)
    return made.type === 'NewExpression' && nameOf(made.callee) === 'FastifyAdapter'
  })
  return adapter === undefined ? null : { statement, call, adapter, app: nameOf(declarator.id) }
}

function isCreate (call: t.CallExpression): boolean {
  return methodOf(call) === 'create' && call.callee.type === 'MemberExpression' && nameOf(call.callee.object) === 'NestFactory'
}

/** Where NestJS turns CORS on. */
interface Enabling extends Registration {
  /** Takes it away. */
  readonly remove: () => void
}

/** The options of a creation, or of an `enableCors` after it whose options are known before it. */
function enablingOf (creation: Creation, after: readonly t.Statement[], migration: Migration): Enabling | null {
  const { source, edits } = migration
  const member = corsMember(creation.call)
  if (member !== null) {
    const found = source.resolve(member.property.value)
    const isOn = found.type === 'BooleanLiteral' && found.value
    const areOptions = found.type === 'ObjectExpression' || found.type === 'Identifier'
    return isOn || areOptions ? { call: creation.call, options: isOn ? undefined : member.property.value, remove: () => { removeMember(member, creation.call, migration) } } : null
  }
  for (const statement of after) {
    const expression = statement.type === 'ExpressionStatement' ? statement.expression : null
    const call = expression?.type === 'AwaitExpression' ? expression.argument : expression
    if (call === null || !isEnableCors(call) || creation.app === null || nameOf(call.callee.object) !== creation.app) continue
    const [options] = call.arguments
    const isEarlier = options === undefined || Array.from(walk(options)).every(node => isKnownBefore(node, creation.statement, source))
    return isEarlier ? { call, options, remove: () => { edits.removeStatement(statement) } } : null
  }
  return null
}

/** False for a name that has its value only after a statement of the same function. */
function isKnownBefore (node: t.Node, statement: t.Statement, source: Source): boolean {
  if (node.type !== 'Identifier') return true
  const scope = source.scopeOf(statement)
  return source.declarationsOf(node.name).every(declaration => source.scopeOf(declaration) !== scope || rangeOf(declaration).end < rangeOf(statement).start)
}

function registerOnAdapter ({ statement, adapter }: Creation, { call, options, remove }: Enabling, migration: Migration): void {
  const { source, edits } = migration
  const { start } = rangeOf(statement)
  const end = `${source.textOf(statement).endsWith(';') ? ';' : ''}\n${indentOf(source.text, start)}`
  const name = nameOf(adapter) ?? (source.declarationsOf('adapter').length === 0 ? 'adapter' : 'fastifyAdapter')
  const made = nameOf(adapter) === null ? `const ${name} = ${source.textOf(adapter)}${end}` : ''
  const before = `${made}await ${name}.getInstance().register(corsPlugin, `
  if (made !== '') edits.replace(rangeOf(adapter), name)
  if (options === undefined) edits.insert(start, `${before}{ ${defaultsOf(new Set(), call, migration).join(', ')} })${end}`)
  else edits.move(rangeOf(options), start, before, `)${end}`)
  remove()
}

function indentOf (text: string, position: number): string {
  const before = text.slice(text.lastIndexOf('\n', position - 1) + 1, position)
  return before.trim() === '' ? before : ''
}

/** The last argument of a creation, and `cors` in it. */
interface CorsMember {
  readonly object: t.ObjectExpression
  readonly property: t.ObjectProperty
}

function corsMember (call: t.CallExpression): CorsMember | null {
  const object = call.arguments.at(-1)
  const property = object?.type === 'ObjectExpression' ? object.properties.find(member => member.type === 'ObjectProperty' && keyOf(member) === 'cors') : undefined
  return object?.type === 'ObjectExpression' && property?.type === 'ObjectProperty' ? { object, property } : null
}

function removeMember ({ object, property }: CorsMember, call: t.CallExpression, { edits }: Migration): void {
  const previous = call.arguments.at(-2)
  if (object.properties.length > 1 || previous === undefined) edits.removeProperty(object, property)
  else edits.replace({ start: rangeOf(previous).end, end: rangeOf(object).end }, '')
}

function isEnableCors (node: t.Node): node is t.CallExpression & { callee: t.MemberExpression } {
  return node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && nameOf(node.callee.property) === 'enableCors'
}

function registerInPlace (call: t.CallExpression & { callee: t.MemberExpression }, isAwaited: boolean, { source, edits, remarks }: Migration): void {
  const { start, end } = rangeOf(call.callee)
  edits.replace({ start: rangeOf(call.callee.property).start, end: end + 1 }, 'register(corsPlugin, ')
  if (!isAwaited) edits.insert(start, 'await ')
  remarks.add(call, 'after-middlewares', 'enableCors answers preflights before the middlewares of your modules. Registered here, the plugin comes after them',
    'register it on the adapter, before NestFactory.create: await adapter.getInstance().register(corsPlugin, options)')
  if (runsOnExpress(source.text)) remarkExpress(call, remarks)
}

/** `cors` of a creation that could not be rewritten. */
function remarkCreateOption (call: t.CallExpression, { source, remarks }: Migration): void {
  const member = isCreate(call) ? corsMember(call) : null
  if (member === null) return
  remarks.add(member.property, 'create-option', 'NestFactory.create turns CORS on by itself',
    'leave cors out there, and register the plugin on the adapter before: await adapter.getInstance().register(corsPlugin, options)')
  if (runsOnExpress(source.text)) remarkExpress(member.property, remarks)
}

function remarkExpress (node: t.Node, remarks: Migration['remarks']): void {
  remarks.add(node, 'needs-fastify', 'the application runs on Express, for which this plugin is not',
    'NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter()), from @nestjs/platform-fastify')
}
