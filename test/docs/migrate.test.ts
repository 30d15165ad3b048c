import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import ts from 'typescript'
import { checkCors } from '../../lib/browser/index.js'
import { run } from '../cli/terminal.js'
import { install, repository, start } from '../installed.js'
import { filesBelow } from './pages.js'

const installation = install(t)
const beside = [
  '@fastify/cors', 'express', 'cors', '@nestjs/common', '@nestjs/core', '@nestjs/platform-fastify', 'reflect-metadata', 'rxjs'
]
for (const name of beside) installation.link(name)

const FILES = {
  fastify: 'node_modules/@fastify/cors/types/index.d.ts',
  express: 'node_modules/@types/cors/index.d.ts',
  nest: 'node_modules/@nestjs/common/interfaces/external/cors-options.interface.d.ts'
}

/** The options that types declare. */
function declared (file: string, name: string): string[] {
  const [, body = ''] = new RegExp(`interface ${name}[^{]*\\{(.*?)\\n\\s*\\}`, 's').exec(readFileSync(join(repository, file), 'utf8')) ?? []
  return [...body.matchAll(/^\s+(\w+)\??:/gm)].map(([, option]) => String(option))
}

/** Each page, with what its table must have. */
const pages: Record<string, readonly string[]> = {
  'fastify-cors': declared(FILES.fastify, 'FastifyCorsOptions'),
  'express-cors': declared(FILES.express, 'CorsOptions'),
  nestjs: declared(FILES.nest, 'CorsOptions'),
  'django-cors-headers': [
    'CORS_ALLOWED_ORIGINS', 'CORS_ALLOWED_ORIGIN_REGEXES', 'CORS_ALLOW_ALL_ORIGINS', 'CORS_URLS_REGEX', 'CORS_ALLOW_METHODS', 'CORS_ALLOW_HEADERS',
    'CORS_EXPOSE_HEADERS', 'CORS_PREFLIGHT_MAX_AGE', 'CORS_ALLOW_CREDENTIALS', 'CORS_ALLOW_PRIVATE_NETWORK', 'CSRF_TRUSTED_ORIGINS'
  ]
}

/** What every page says first. */
const FIRST = [/\*\*Methods\.\*\*/, /`enforce: 'unsafe'`/, /npx fastify-cors-policy scan/]

for (const [name, options] of Object.entries(pages)) {
  const text = readFileSync(join(repository, 'docs', 'migrate', `${name}.md`), 'utf8')
  const [, first = '', table = '', beforeAndAfter = ''] = text.split(/^## /m)

  t.test(`${name}: what people notice comes first`, async t => {
    for (const pattern of FIRST) t.match(first, pattern)
  })

  t.test(`${name}: every option has its equivalent`, async t => {
    t.ok(options.length > 7, `${options.length}`)
    const cells = table.split('\n').filter(line => line.startsWith('| ')).map(line => String(line.split('|')[1]))
    t.strictSame(options.filter(option => !cells.some(cell => new RegExp(`\`${option}\\b`).test(cell))), [])
  })

  t.test(`${name}: the programs before and after do what the table says`, async t => {
    const [before, after] = [...beforeAndAfter.matchAll(/```(\w+)\n(.*?)```/gs)].map(([, language, program]) => ({ language: String(language), program: String(program) }))
    if (before === undefined || after === undefined) throw new Error('two programs')
    const [head = [], , ...rows] = (/^(?:\|.*\|\n)+/m.exec(beforeAndAfter)?.[0] ?? '').trim().split('\n').map(line => line.slice(1, -1).split('|').map(cell => cell.trim().replaceAll('`', '')))
    t.ok(rows.length > 3)
    for (const [verb, { language, program }] of [['before', before], ['after', after]] as const) {
      const column = head.indexOf(verb)
      if (column === -1) {
        t.equal(language, 'python', 'all but Python is run')
        continue
      }
      const server = await serve(t, `${name}-${verb}`, language, program)
      for (const row of rows) t.equal(await outcome(server, String(row[0]), String(row[1])), row[column], `${verb}: ${row[0]} ${row[1]}`)
    }
  })
}

t.test('docs/command.md shows what migrate prints, and every remark', async t => {
  const [, section = ''] = readFileSync(join(repository, 'docs', 'command.md'), 'utf8').split('\n## migrate\n')
  const [program = '', report = ''] = [...section.matchAll(/```(?:js|text)\n(.*?)```/gs)].map(([, block]) => String(block))
  const folder = t.testdir({ 'app.js': program })
  const { exitCode, output } = await run(['migrate', join(folder, 'app.js')])
  t.equal(exitCode, 1)
  t.equal(output.replaceAll(join(folder, 'app.js'), 'app.js'), report)

  const sources = filesBelow('lib/cli/migrate', /\.ts$/).map(file => readFileSync(join(repository, file), 'utf8')).join('\n')
  const codes = new Set([...sources.matchAll(/remarks\.add\([\w.]+, '([\w-]+)'/g)].map(([, code]) => String(code)))
  t.ok(codes.size > 10)
  t.strictSame([...codes].filter(code => !section.includes(`\`${code}\``)), [])
})

async function serve (t: Test, name: string, language: string, program: string): Promise<string> {
  const file = language === 'ts'
    ? compiled(name, program)
    : installation.write(`${name}.mjs`, program
      .replace('await app.listen({ port: 3000 })', 'console.log(await app.listen({ port: 0 }))')
      .replace('app.listen(3000)', 'const server = app.listen(0, () => console.log("http://localhost:" + server.address().port))'))
  const output = await start(t, [file], { cwd: installation.folder, env: { NODE_ENV: 'development' } }).says(/^http:.*\n/m)
  return String(/^http:.*$/m.exec(output)?.[0])
}

function compiled (name: string, program: string): string {
  const source = program.replace('await app.listen(3000)', 'await app.listen(0, \'127.0.0.1\')\n  console.log(await app.getUrl())')
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true, experimentalDecorators: true, emitDecoratorMetadata: true }
  })
  return installation.write(`${name}.cjs`, outputText)
}

/** What becomes of a call with cookies, with the status that the browser saw last, where it is blocked. */
async function outcome (server: string, origin: string, action: string): Promise<string> {
  const [method = '', path = ''] = action.split(' ')
  const { allowed, exchanges } = await checkCors({ origin, url: server + path, method, credentials: 'include' }, ({ method, url, headers }) => new Promise((resolve, reject) => {
    httpRequest(url, { method, headers, agent: false }, response => {
      response.resume()
      const fields = Object.entries(response.headersDistinct).flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value]))
      resolve({ status: Number(response.statusCode), headers: fields })
    }).on('error', reject).end()
  }))
  return allowed ? 'allowed' : `blocked, ${exchanges.at(-1)?.response.status}`
}
