import { join } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { CorsOptionsSchema } from '../../lib/options/schema.js'

const file = join(__dirname, 'hovered.ts')
const source = `
import Fastify from 'fastify'
import corsPlugin, { type CorsOptions, type RouteCorsOptions } from '../../lib/index.js'
const app = Fastify()
app.register(corsPlugin, { credentials: true, methods: ['PUT'] })
app.get('/', { config: { cors: { maxAge: 5 } satisfies RouteCorsOptions } }, async () => 'x')
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
