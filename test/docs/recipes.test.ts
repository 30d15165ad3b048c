import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import ts from 'typescript'
import WebSocket from 'ws'
import { checkCors, type CorsVerdict } from '../../lib/browser/index.js'
import { install, repository, run, start } from '../installed.js'

const beside = [
  '@fastify/helmet', '@fastify/middie', '@fastify/multipart', '@fastify/rate-limit', '@fastify/websocket', 'socket.io',
  '@nestjs/common', '@nestjs/core', '@nestjs/platform-fastify', 'reflect-metadata', 'rxjs'
]

/** What a page does, and what becomes of it. */
interface Row {
  readonly origin: string
  readonly action: string
  readonly extras: string
  readonly outcome: string
}

/** A table about pages, with what stands in the environment of the server. */
interface Table {
  readonly env: Record<string, string>
  readonly head: readonly string[]
  readonly rows: readonly Row[]
}

interface Recipe {
  readonly heading: string
  readonly text: string
  readonly language: string
  readonly program: string
  readonly tables: readonly Table[]
}

const recipes = readFileSync(join(repository, 'docs', 'recipes.md'), 'utf8').split(/^## /m).slice(1).map((text): Recipe => {
  const [heading = ''] = text.split('\n', 1)
  const [, language = '', program = ''] = /```(js|ts)\n(.*?)```/s.exec(text) ?? []
  return { heading, text, language, program, tables: tablesOf(text) }
})

function tablesOf (text: string): Table[] {
  return [...text.matchAll(/(?:With `(\w+)=([^`]+)`:\n\n)?((?:^\|.*\|\n)+)/gm)].flatMap(([, name, value = '', table = '']) => {
    const [head = [], , ...rows] = table.trim().split('\n').map(line => line.slice(1, -1).split('|').map(cell => cell.trim()))
    if (head[0] !== 'a page of') return []
    return [{
      env: name === undefined ? {} : { [name]: value },
      head,
      rows: rows.map(cells => ({ origin: code(cells[0]), action: code(cells[1]), extras: head.length === 4 ? String(cells[2]) : '', outcome: String(cells.at(-1)) }))
    }]
  })
}

function code (cell = ''): string {
  return cell.replaceAll('`', '')
}

/** The header fields that a cell names. */
function fieldsOf (cell: string): Record<string, string> {
  return Object.fromEntries([...cell.matchAll(/`([\w-]+): ([^`]+)`/g)].map(([, name, value]) => [name, value]))
}

const form = [
  '--border', 'Content-Disposition: form-data; name="file"; filename="a.txt"', 'Content-Type: text/plain', '', 'some text', '--border--', ''
].join('\r\n')

/** What is sent as the body of a request. */
function bodyOf (method: string, type = ''): string | undefined {
  if (method === 'GET' || method === 'OPTIONS') return undefined
  if (type.startsWith('multipart/form-data')) return form
  return type === 'application/json' ? '{}' : undefined
}

/** Sends a request, and reads no more than the head of the answer: that of an event stream never ends. */
function headOf (
  { method, url, headers }: { method: string, url: string, headers: Record<string, string> }
): Promise<{ status: number, headers: Array<[string, string]> }> {
  return new Promise((resolve, reject) => {
    const body = bodyOf(method, headers['content-type'])
    httpRequest(url, { method, headers, agent: false }, response => {
      const fields = Object.entries(response.headersDistinct).flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value]))
      resolve({ status: Number(response.statusCode), headers: fields })
      response.destroy()
    }).on('error', reject).end(body)
  })
}

/** Calls the server as a row says. */
function call (server: string, { origin, action, extras }: Row, column = ''): Promise<CorsVerdict> {
  const [method = '', path = ''] = action.split(' ')
  const behindProxy = column.includes('proxy')
  const fields = fieldsOf(extras)
  const type = extras.includes('a file') ? { 'content-type': 'multipart/form-data; boundary=border' } : {}
  return checkCors({
    origin,
    url: server + path,
    method,
    headers: { ...type, ...behindProxy ? {} : fields },
    credentials: extras.includes('cookies') ? 'include' : 'omit'
  }, sent => headOf(behindProxy ? { ...sent, headers: { ...sent.headers, ...fields } } : sent))
}

async function outcomeOfCall (server: string, row: Row, column?: string): Promise<string> {
  const { allowed, exchanges } = await call(server, row, column)
  const { status } = exchanges.at(-1)?.response ?? {}
  if (allowed) return status !== undefined && status < 400 ? 'allowed' : `allowed, with ${status}`
  return status === 403 && row.outcome !== 'blocked' ? 'refused with 403' : 'blocked'
}

function outcomeOfSocket (server: string, { origin, action }: Row): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(server.replace('http', 'ws') + action, { headers: { origin } })
    socket.on('open', () => {
      resolve('connected')
      socket.close()
    })
    socket.on('unexpected-response', (_, { statusCode }) => resolve(`refused with ${statusCode}`))
    socket.on('error', reject)
  })
}

async function outcomeOfForm (server: string, { origin, action }: Row): Promise<string> {
  const { status } = await headOf({
    method: 'POST',
    url: server + action,
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  })
  return status === 200 ? 'served' : `refused with ${status}`
}

const outcomes: Record<string, (server: string, row: Row, column?: string) => Promise<string>> = {
  calls: outcomeOfCall,
  'opens a WebSocket': outcomeOfSocket,
  'posts a form to': outcomeOfForm
}

const installation = install(t)
const { folder, write } = installation
for (const name of beside) installation.link(name)

/** Writes a program where it finds the package, with a port that is free. */
function programFile ({ heading, language, program }: Recipe): string {
  const name = heading.replace(/\W+/g, '-')
  if (language === 'js') return write(`${name}.mjs`, program.replace(/await app\.listen\(\{ port: 3000(.*)\}\)/, 'console.log(await app.listen({ port: 0$1}))'))
  const source = program.replace('await app.listen(3000)', "await app.listen(0, '127.0.0.1')\n  console.log(await app.getUrl())")
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true, experimentalDecorators: true, emitDecoratorMetadata: true }
  })
  return write(`${name}.cjs`, outputText)
}

async function serve (t: Test, file: string, env: Record<string, string>): Promise<string> {
  const output = await start(t, [file], { cwd: folder, env: { NODE_ENV: 'development', ...env } }).says(/^http:.*\n/m)
  return String(/^http:.*$/m.exec(output)?.[0])
}

/** What a recipe says beside its tables. */
const more: Record<string, (t: Test, server: string, recipe: Recipe) => Promise<void>> = {
  Downloads: async (t, server) => {
    const { readableHeaders } = await call(server, { origin: 'https://app.example.com', action: 'GET /report', extras: '', outcome: 'allowed' })
    t.ok(readableHeaders.includes('content-disposition'), 'the page reads the name of the file')
  },
  Helmet: async (t, server) => {
    for (const [path, policy] of [['/users', 'same-origin'], ['/logo.svg', 'cross-origin']] as const) {
      const { headers } = await headOf({ method: 'GET', url: server + path, headers: {} })
      t.equal(new Map(headers).get('cross-origin-resource-policy'), policy, path)
    }
  },
  'Payment forms': async (t, server) => {
    const webhook = await headOf({ method: 'POST', url: `${server}/orders`, headers: {} })
    t.equal(webhook.status, 200, 'a webhook passes')
  },
  Middlewares: async (t, server) => {
    const { exchanges } = await call(server, { origin: 'https://app.example.com', action: 'PUT /users/1', extras: '', outcome: '' })
    t.strictSame(exchanges.map(({ response }) => response.status), [204, 401], 'the preflight passes, and the middleware refuses the request')
  },
  'curl works and the page does not': async (t, server, { text }) => {
    const command = (name: string): string => String(new RegExp(`^${name} .*$`, 'm').exec(text)?.[0]).replace('http://localhost:3000', server)
    const curl = command('curl -i')
    const headers = Object.fromEntries([...curl.matchAll(/-H '([\w-]+): ([^']+)'/g)].map(([, name, value]) => [name, value]))
    t.equal((await headOf({ method: String(/-X (\w+)/.exec(curl)?.[1]), url: String(/http\S+/.exec(curl)?.[0]), headers })).status, 204)
    const [, , ...args] = command('npx fastify-cors-policy').split(' ')
    const { bin } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { bin: Record<string, string> }
    const { code, output } = await run(t, [join(folder, 'node_modules', 'fastify-cors-policy', String(bin['fastify-cors-policy'])), ...args], { cwd: folder })
    t.equal(code, 1)
    t.match(output, /Blocked[^]*PUT/)
  }
}

for (const recipe of recipes) {
  const { heading, tables, program } = recipe

  t.test(`the recipe "${heading}" does what it says`, async t => {
    t.ok(program, 'it has a program')
    const file = programFile(recipe)
    if (!program.includes('app.listen')) {
      const { code, output } = await run(t, [file], { cwd: folder })
      t.equal(code, 0, output)
      t.match(output, /pass [1-9]/)
      return
    }
    t.ok(tables.some(({ rows }) => rows.length > 0), 'it says what pages get')
    const servers = new Map<string, string>()
    for (const { env, head: [, verb = '', column], rows } of tables) {
      const key = JSON.stringify(env)
      const server = servers.get(key) ?? await serve(t, file, env)
      servers.set(key, server)
      for (const row of rows) t.equal(await outcomes[verb]?.(server, row, column), row.outcome, `${row.origin} ${verb} ${row.action}`)
    }
    await more[heading]?.(t, String([...servers.values()][0]), recipe)
  })
}

t.test('the index of docs/recipes.md names every recipe, and nothing else is checked', async t => {
  const [index = ''] = readFileSync(join(repository, 'docs', 'recipes.md'), 'utf8').split(/^## /m)
  t.strictSame([...index.matchAll(/\[(.+?)\]\(#/g)].map(([, name]) => name), recipes.map(({ heading }) => heading))
  t.strictSame(Object.keys(more).filter(heading => !recipes.some(recipe => recipe.heading === heading)), [])
})
