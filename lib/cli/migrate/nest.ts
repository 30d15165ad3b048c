import type * as t from '@babel/types'
import type { Registration } from './registrations.js'
import type { Migration } from './remarks.js'
import { keyOf, nameOf, rangeOf, walk } from './source.js'

/** Whether the application runs on Express: NestJS does, unless it is given the adapter of Fastify. */
export function runsOnExpress (text: string): boolean {
  return /\benableCors\b/.test(text) && !/\bFastifyAdapter\b/.test(text)
}

/** Turns `app.enableCors(options)` of NestJS into registrations of the plugin, which has to be imported. */
export function nestRegistrations (migration: Migration): Registration[] {
  const { source, edits, remarks } = migration
  const nodes = Array.from(walk(source.root))
  const awaited = new Set(nodes.flatMap(node => node.type === 'AwaitExpression' ? [node.argument] : []))
  const calls = nodes.flatMap(node => isEnableCors(node) ? [node] : [])
  for (const call of calls) {
    const { start, end } = rangeOf(call.callee)
    edits.replace({ start: rangeOf(call.callee.property).start, end: end + 1 }, 'register(corsPlugin, ')
    if (!awaited.has(call)) edits.insert(start, 'await ')
    remarks.add(call, 'after-middlewares', 'enableCors answers preflights before the middlewares of your modules. Registered here, the plugin comes after them',
      'register it on the adapter, before NestFactory.create: await adapter.getInstance().register(corsPlugin, options)')
    if (runsOnExpress(source.text)) {
      remarks.add(call, 'needs-fastify', 'the application runs on Express, for which this plugin is not',
        'NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter()), from @nestjs/platform-fastify')
    }
  }
  for (const node of nodes) remarkCreateOption(node, migration)
  if (calls.length > 0) addImport(migration)
  return calls.map(call => ({ call, options: call.arguments[0] }))
}

function isEnableCors (node: t.Node): node is t.CallExpression & { callee: t.MemberExpression } {
  return node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && nameOf(node.callee.property) === 'enableCors'
}

/** `NestFactory.create(AppModule, adapter, { cors: true })` has no statement that could be rewritten. */
function remarkCreateOption (node: t.Node, { remarks }: Migration): void {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || nameOf(node.callee.object) !== 'NestFactory') return
  for (const argument of node.arguments) {
    const cors = argument.type === 'ObjectExpression' ? argument.properties.find(member => member.type === 'ObjectProperty' && keyOf(member) === 'cors') : undefined
    if (cors !== undefined) remarks.add(cors, 'create-option', 'NestFactory.create turns CORS on by itself', 'leave cors out there, and write await app.register(corsPlugin, options) after it')
  }
}

function addImport ({ source, edits }: Migration): void {
  const { body } = source.root.program
  const last = body.filter(({ type }) => type === 'ImportDeclaration').at(-1)
  const text = 'import corsPlugin from \'fastify-cors-policy\''
  if (last === undefined) edits.insert(0, `${text}\n`)
  else edits.insert(rangeOf(last).end, `\n${text}${source.textOf(last).endsWith(';') ? ';' : ''}`)
}
