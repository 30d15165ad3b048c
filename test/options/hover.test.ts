import { join } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { CorsOptionsSchema, RouteCorsOptionsSchema } from '../../lib/options/schema.js'

const file = join(__dirname, 'hovered.ts')
const source = `
import Fastify from 'fastify'
import corsPlugin, { type CorsOptions, type RouteCorsOptions } from '../../lib/index.js'
const app = Fastify()
app.register(corsPlugin, { credentials: true, methods: ['PUT'] })
app.get('/', { config: { cors: { maxAge: 5 } satisfies RouteCorsOptions } }, async () => 'x')
app.get('/a', { config: { cors: { /*a route*/ } } }, async () => 'x')
app.put<{ Body: string }>('/b', { config: { cors: { /*a route with types*/ } } }, async () => 'x')
app.route({ method: 'GET', url: '/c', config: { cors: { /*a route in full*/ } }, handler: async () => 'x' })
app.register(corsPlugin, { delegator: () => ({ /*a delegator*/ }) })
const options: CorsOptions = { ${Object.keys(CorsOptionsSchema.properties).map(option => `${option}: undefined`).join(', ')} }
`
const service = ts.createLanguageService({
  getScriptFileNames: () => [file],
  getScriptVersion: () => '1',
  getScriptSnapshot: path => {
    const text = path === file ? source : ts.sys.readFile(path)
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
  },
  getCurrentDirectory: () => __dirname,
  getCompilationSettings: () => ({ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, strict: true, types: ['node'], esModuleInterop: true }),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: path => path === file || ts.sys.fileExists(path),
  readFile: path => path === file ? source : ts.sys.readFile(path)
})

/** What an editor shows of a word: the first in the source where no place is given. */
function hovered (word: string, position = source.indexOf(word)): string {
  const info = service.getQuickInfoAtPosition(file, position)
  const tags = (info?.tags ?? []).map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`)
  return [ts.displayPartsToString(info?.documentation).replace(/\s+/g, ' '), ...tags].join(' ')
}

t.test('an editor shows the description and the default of every option', async t => {
  for (const [option, { description, default: byDefault }] of Object.entries(CorsOptionsSchema.properties)) {
    const tag = byDefault === undefined ? '' : ` @default ${JSON.stringify(byDefault).replaceAll('"', '\'').replaceAll(',', ', ')}`
    t.equal(hovered(option, source.lastIndexOf(` ${option}: undefined`) + 1), `${description}${tag}`, option)
  }
  t.equal(hovered('credentials'), 'Lets a page send cookies and HTTP authentication. @default false')
  t.match(hovered('methods'), `${CorsOptionsSchema.properties.methods.description} @default ['GET', 'HEAD', 'POST']`)
  t.equal(hovered('maxAge'), CorsOptionsSchema.properties.maxAge.description)
})

t.test('an editor offers routes and delegators the options that they may have', async t => {
  const ofRoutes = Object.keys(RouteCorsOptionsSchema.properties).sort()
  for (const place of ['a route', 'a route with types', 'a route in full', 'a delegator']) {
    const { entries = [] } = service.getCompletionsAtPosition(file, source.indexOf(`/*${place}*/`), {}) ?? {}
    t.strictSame(entries.map(({ name }) => name).sort(), ofRoutes, place)
  }
})
