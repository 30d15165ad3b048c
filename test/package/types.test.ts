import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { install, repository, run } from '../installed.js'

const { folder, write } = install(t)

/** What every consumer does with the plugin, once it has it. It is to compile, but for the lines marked "refused". */
const uses = `
const app = Fastify()
app.register(corsPlugin, { origin: ['https://app.example', /^https:\\/\\/[a-z]+\\.example$/], methods: 'GET, PUT', maxAge: 600 })
app.register(corsPlugin, { origin: async function (origin, request) { return this.prefix === '' && origin !== request.url } })
app.register(corsPlugin, () => ({ origin: '*' }))
app.register(corsPlugin, { origin: 'https://app.example', logLevel: 'warn' })
app.register(corsPlugin, { orgin: 'https://app.example' }) // refused
app.register(corsPlugin, { origin: 5 }) // refused
app.register(corsPlugin, { origin: '*', hook: 'onResponse' }) // refused
app.register(corsPlugin, { origin: (origin: string, callback: (error: null, allow: boolean) => void) => callback(null, true) }) // refused

app.get('/off', { config: { cors: false } }, async () => 'off')
app.get('/as-registered', { config: { cors: true } }, async () => 'on')
app.get('/own', { config: { cors: { origin: 'https://own.example', credentials: true } } }, async () => 'own')
app.get('/asked', { config: { cors: { origin: (origin, request) => origin === request.headers['x-origin'] } } }, async () => 'asked')
app.get('/type', { config: { cors: { credentials: 'yes' } } }, async () => 'type') // refused
app.get('/hook', { config: { cors: { hook: 'onSend' } } }, async () => 'hook') // refused
app.get('/text', { config: { cors: 'https://own.example' } }, async () => 'text') // refused

app.get('/decision', async request => {
  const decision: CorsDecision | undefined = request.cors
  const reason: string = request.cors.reason // refused
  return decision?.kind === 'preflight' ? reason : decision?.allowed
})

const options: CorsOptions = parseCorsOptions({ origin: '*' })
app.register(corsPlugin, options)
const ofRoute: RouteCorsOptions = { origin: 'https://own.example' }
app.get('/of-route', { config: { cors: ofRoute } }, async () => 'of route')
const stored: CorsPolicyJson = { origin: ['https://app.example'] }
const controller: CorsController = app.cors

try {
  parseCorsOptions(stored)
} catch (error) {
  if (error instanceof CorsConfigError) error.issues.forEach(({ code, path, fix }: CorsIssue) => console.log(code === 'origin-null', path, fix, controller))
}
console.log(CorsOptionsSchema.properties.origin, CorsPolicySchema.properties.origin)
`

const entry = readFileSync(join(repository, 'lib', 'index.ts'), 'utf8')

/** All types that the package exports, as its main module lists them. */
const types = [
  ...entry.matchAll(/\btype (\w+)/g), ...[...entry.matchAll(/export type \{([^}]*)\}/g)].flatMap(([, list = '']) => [...list.matchAll(/(\w+)/g)])
].map(([, name = '']) => name).sort()

const values = 'CorsConfigError, CorsOptionsSchema, CorsPolicySchema, parseCorsOptions'
const others = `import { ${values}, ${types.map(name => `type ${name}`).join(', ')} } from 'fastify-cors-policy'\nexport type All = [${types.join(', ')}]`

const byDefault = `import Fastify from 'fastify'\nimport corsPlugin from 'fastify-cors-policy'\n${others}\n${uses}`
const byName = `import Fastify from 'fastify'\nimport { corsPlugin } from 'fastify-cors-policy'\n${others}\n${uses}`
const byRequire = `
import Fastify = require('fastify')
import corsPlugin = require('fastify-cors-policy')
const { ${values} } = corsPlugin
${types.map(name => `type ${name} = corsPlugin.${name}`).join('\n')}
${uses.replaceAll('= Fastify()', '= Fastify.fastify()')}`

const byDefaultOfRequired = `
import Fastify = require('fastify')
import required = require('fastify-cors-policy')
const app = Fastify.fastify()
app.register(required.default, { origin: '*' })
app.register(required.corsPlugin, { origin: '*' })
app.register(required.default, { orgin: '*' }) // refused
`

/** An import within register brings the augmentation, too. */
const byImporting = `
import { fastify } from 'fastify'
const app = fastify()
app.register(import('fastify-cors-policy'), { origin: '*' })
app.get('/', { config: { cors: false } }, async request => request.cors?.reason)
app.get('/typo', { config: { cors: 'off' } }, async () => 'typo') // refused
`

/** The sub-paths, which take no part in the augmentation. */
const subPaths = `
import { checkCors, type CorsVerdict } from 'fastify-cors-policy/browser'
import { corsInspector } from 'fastify-cors-policy/inspector'
import { cachedOrigins } from 'fastify-cors-policy/origins'
import { fastify } from 'fastify'
const app = fastify()
app.register(corsInspector, { capacity: 10 })
app.register(import('fastify-cors-policy/inspector'), { capacity: 10 })
app.register(corsInspector, { capacity: 'ten' }) // refused
export const verdict: Promise<CorsVerdict> = checkCors({ origin: 'https://a.example', url: 'https://b.example' }, async () => ({ status: 200, headers: [] }))
export const wrong: Promise<CorsVerdict> = checkCors({ origin: 'https://a.example' }, async () => ({ status: 200, headers: [] })) // refused
export const origins = cachedOrigins({ lookup: origin => origin === 'https://a.example', ttl: 60 })
export const never = cachedOrigins({ lookup: origin => origin, ttl: 60 }) // refused
`

interface Project {
  readonly compilerOptions: object
  readonly files: Record<string, string>
}

const inEither = {
  'default.mts': byDefault,
  'name.mts': byName,
  'importing.mts': byImporting,
  'default.cts': byDefault,
  'name.cts': byName,
  'require.cts': byRequire,
  'default-of-required.cts': byDefaultOfRequired,
  'importing.cts': byImporting,
  'sub-paths.mts': subPaths,
  'sub-paths.cts': subPaths
}

const projects: Record<string, Project> = {
  nodenext: { compilerOptions: { module: 'nodenext', exactOptionalPropertyTypes: true, skipLibCheck: false }, files: inEither },
  node16: { compilerOptions: { module: 'node16', esModuleInterop: true }, files: inEither },
  bundler: {
    compilerOptions: { module: 'esnext', moduleResolution: 'bundler' },
    files: { 'default.ts': byDefault, 'name.ts': byName, 'importing.ts': byImporting, 'sub-paths.ts': subPaths }
  },
  node10: {
    compilerOptions: { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0', esModuleInterop: true },
    files: { 'default.ts': byDefault, 'name.ts': byName, 'require.ts': byRequire, 'sub-paths.ts': subPaths }
  }
}

/** The places that the compiler complains about, as `file:line`, and what it says. */
async function complaints (t: Test, name: string, { compilerOptions, files }: Project): Promise<Map<string, string>> {
  for (const [file, source] of Object.entries(files)) write(join(name, file), source)
  write(join(name, 'tsconfig.json'), JSON.stringify({
    compilerOptions: {
      target: 'es2022', lib: ['es2023'], types: ['node'], strict: true, noEmit: true, skipLibCheck: true, ...compilerOptions
    },
    files: Object.keys(files)
  }))
  const compiler = join(repository, 'node_modules', 'typescript', 'bin', 'tsc')
  const { output } = await run(t, [compiler, '-p', '.', '--pretty', 'false'], { cwd: join(folder, name) })
  return new Map([...output.matchAll(/^(\S.*?)\((\d+),\d+\): (.*)$/gm)].map(([, file, line, message]) => [`${file}:${line}`, String(message)]))
}

function refusedLines ({ files }: Project): string[] {
  return Object.entries(files).flatMap(([file, source]) =>
    source.split('\n').flatMap((text, index) => text.includes('// refused') ? [`${file}:${index + 1}`] : []))
}

t.test('the types of the contract are among those that are tested', async t => {
  for (const name of ['CorsController', 'CorsDecision', 'CorsIssue', 'CorsOptions', 'CorsPolicyJson', 'RouteCorsOptions']) t.ok(types.includes(name), name)
})

for (const [name, project] of Object.entries(projects)) {
  t.test(`under ${name}, every way to import it compiles, and mistakes do not`, async t => {
    const found = await complaints(t, name, project)
    const expected = refusedLines(project)
    t.strictSame(expected.filter(place => !found.has(place)), [], 'what is to be refused')
    t.strictSame([...found].filter(([place]) => !expected.includes(place)), [], 'what is not')
  })
}
