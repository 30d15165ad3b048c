// Builds what is published, in `dist`: the scripts with esbuild, the declarations with TypeScript and rollup-plugin-dts.
// All scripts are CommonJS, so that `import` and `require` get the same copy. The bundler writes ES modules first, since
// only of those it splits off what several entries share, and each file is then rewritten as CommonJS.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { build, transform } from 'esbuild'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'

const require = createRequire(import.meta.url)
const root = dirname(fileURLToPath(import.meta.url))
const dist = join(root, 'dist')
const cache = join(root, 'node_modules', '.cache', 'fastify-cors-policy')

/** The entries of the package. */
const ENTRIES = {
  index: 'lib/index.ts',
  browser: 'lib/browser/index.ts',
  origins: 'lib/origins/index.ts',
  inspector: 'lib/inspector/index.ts'
}

/** What `import` calls default, of the entries that have a plugin. */
const PLUGINS = { index: 'corsPlugin', inspector: 'corsInspector' }

/** The command. */
const COMMAND = { cli: 'lib/cli/bin.ts' }

/** Packages and folders that only some options, commands, or mistakes, need: each is loaded when something of it is first used. */
const ON_NEED = {
  packages: ['tldts', '@eslint-community/regexpp'],
  folders: ['lib/regexp', 'lib/options/suggest', 'lib/browser', 'lib/inspector', 'lib/cli/migrate']
}

/** Packages that become part of what is published, with their licence: only a command that is run once needs them. */
const BUNDLED = ['@babel/parser']

/** Stands for `require` while scripts are ES modules, where the bundler would hide it from the bundlers of users. */
const LOAD = 'loadOnNeed'

/** What browsers load: each page is a script and a style sheet. The demo's is not published. */
const PAGES = { 'lib/inspector/assets/inspector': 'lib/inspector/page/inspector.tsx', 'examples/demo/dist/demo': 'examples/demo/page/demo.tsx' }

const SCHEMA = 'lib/options/schema.ts'

const COMMON = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20', format: 'esm', packages: 'external', logLevel: 'warning' }

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist, { recursive: true })
await buildScripts()
await buildDeclarations()
await buildPages()

async function buildScripts () {
  const rooms = await Promise.all(ON_NEED.folders.map(roomOf))
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: { ...ENTRIES, ...COMMAND, ...Object.fromEntries(rooms.map(({ name }) => [name, `room:${name}`])) },
    outdir: dist,
    write: false,
    splitting: true,
    chunkNames: 'shared-[hash]',
    plugins: [schemaAsData(await import(await compiled(SCHEMA))), bundled(), onNeed(rooms)]
  })
  await writeAsCommonJs(new Map(outputFiles.map(({ path, text }) => [path, text])))
  const { code } = await transform(readFileSync(join(root, 'lib/index.cts'), 'utf8'), { loader: 'ts', format: 'cjs', target: COMMON.target })
  writeFileSync(join(dist, 'index.cjs'), code)
  for (const [entry, plugin] of Object.entries(PLUGINS)) {
    const text = `export * from './${entry}.js'\nexport { ${plugin} as default } from './${entry}.js'\n`
    for (const extension of ['mjs', 'd.mts']) writeFileSync(join(dist, `${entry}.${extension}`), text)
  }
}

/**
 * Writes ES modules as CommonJS, with exports that are plain properties: behind getters, as esbuild writes them, each call
 * from file to file would cost a request a call more.
 */
async function writeAsCommonJs (modules) {
  const bundle = await rollup({
    input: [...modules.keys()],
    plugins: [{
      name: 'in-memory',
      resolveId: (id, importer) => importer === undefined ? id : id.startsWith('.') ? join(dist, id) : { id, external: true },
      // A class gets its name from the variable that it is assigned to, but from no property: it has to have one.
      load: id => modules.get(id)?.replaceAll(LOAD, 'require').replace(/\b(\w+) = class (?=extends |\{)/g, '$1 = class $1 ')
    }]
  })
  await bundle.write({ dir: dist, format: 'cjs', exports: 'named', interop: 'auto', externalLiveBindings: false, entryFileNames: '[name].js', chunkFileNames: '[name].js' })
  await bundle.close()
}

/** A module of this project as a script that can be imported now. */
async function compiled (source) {
  const outfile = join(cache, `${basename(source, '.ts')}.mjs`)
  await build({ ...COMMON, entryPoints: [source], outfile })
  return pathToFileURL(outfile).href
}

/**
 * Works out the schema of the options now: the module that makes it with TypeBox is replaced by what it exports, and
 * `Value.Check` by the code that TypeBox compiles of it. So a process that uses the plugin loads no TypeBox.
 */
function schemaAsData (exported) {
  const path = join(root, SCHEMA)
  const values = `${SCHEMA} as data`
  return {
    name: 'schema-as-data',
    setup ({ onLoad, onResolve }) {
      onLoad({ filter: /schema\.ts$/ }, args => args.path === path ? { contents: asSource(exported) } : undefined)
      // Who takes a name from a module beside the schema needs no TypeBox for that.
      onResolve({ filter: /^@sinclair\/typebox$/ }, ({ path }) => ({ path, external: true, sideEffects: false }))
      onResolve({ filter: /^@sinclair\/typebox\/value$/ }, ({ importer }) => importer.startsWith(dirname(path)) ? { path: values, namespace: 'schema' } : undefined)
      onLoad({ filter: /.*/, namespace: 'schema' }, () => ({ contents: checksOf(exported, path), resolveDir: root }))
    }
  }
}

/** A module that exports values: plain data, whose symbols are registered ones. */
function asSource (values) {
  const known = new Map()
  const lines = []
  const write = value => {
    if (typeof value === 'symbol') return `Symbol.for(${JSON.stringify(Symbol.keyFor(value))})`
    if (typeof value === 'function') throw new Error(`${SCHEMA} has a function in what it exports: only data can be worked out`)
    if (typeof value !== 'object' || value === null) return JSON.stringify(value)
    if (!known.has(value)) {
      const text = Array.isArray(value)
        ? `[${value.map(write).join(', ')}]`
        : `{ ${Reflect.ownKeys(value).map(key => `${typeof key === 'symbol' ? `[${write(key)}]` : JSON.stringify(key)}: ${write(value[key])}`).join(', ')} }`
      known.set(value, `value${known.size}`)
      lines.push(`const ${known.get(value)} = ${text}`)
    }
    return known.get(value)
  }
  for (const [name, value] of Object.entries(values)) lines.push(`export const ${name} = ${write(value)}`)
  return lines.join('\n')
}

/** A module with the `Value.Check` of TypeBox for the exported schemas, and for each of their properties. */
function checksOf (exported, path) {
  const schemas = Object.entries(exported).filter(([, { type }]) => type === 'object')
  const properties = schemas.flatMap(([name, { properties }]) =>
    Object.entries(properties).map(([property, schema]) => [`${name}.properties.${property}`, schema]))
  // Most properties are in several schemas.
  const byCode = new Map()
  for (const [name, schema] of [...schemas, ...properties]) {
    const code = TypeCompiler.Code(schema)
    byCode.set(code, [...byCode.get(code) ?? [], name])
  }
  return [
    `import { ${schemas.map(([name]) => name).join(', ')} } from ${JSON.stringify(path)}`,
    'const checks = new Map()',
    ...Array.from(byCode, ([code, names]) => `{ const check = (() => { ${code} })(); for (const schema of [${names.join(', ')}]) checks.set(schema, check) }`),
    'export const Value = { Check: (schema, value) => checks.get(schema)(value) }'
  ].join('\n')
}

/** Takes packages in, minified: nobody reads them here. */
function bundled () {
  return {
    name: 'bundled',
    setup ({ onLoad, onResolve }) {
      onResolve({ filter: /^@[\w-]+\/[\w-]+$/ }, ({ path }) => BUNDLED.includes(path) ? { path, namespace: 'bundled' } : undefined)
      onLoad({ filter: /.*/, namespace: 'bundled' }, async ({ path }) => {
        const { outputFiles: [{ text }] } = await build({ ...COMMON, packages: 'bundle', entryPoints: [require.resolve(path)], format: 'cjs', minify: true, write: false })
        const licence = readFileSync(join(dirname(require.resolve(`${path}/package.json`)), 'LICENSE'), 'utf8')
        return { contents: `/*! ${path}\n\n${licence.trim()}\n*/\n${text}` }
      })
    }
  }
}

/** A folder that is loaded on need becomes a file; with what each of its modules exports. Pages are for browsers. */
async function roomOf (folder) {
  const files = readdirSync(join(root, folder), { recursive: true }).map(String)
    .filter(file => file.endsWith('.ts') && !file.startsWith(`page${sep}`))
    .map(file => join(folder, file))
  const { metafile } = await build({ ...COMMON, entryPoints: files, outdir: cache, write: false, metafile: true })
  const outputs = Object.values(metafile.outputs).map(({ entryPoint, exports }) => [entryPoint, exports])
  return { name: `on-need-${basename(folder)}`, folder: join(root, folder) + sep, modules: new Map(outputs) }
}

/**
 * Has the modules outside of a folder, and all that use a package, load it at the first use of something it exports.
 * An entry is no such use.
 */
function onNeed (rooms) {
  const packages = new Map(ON_NEED.packages.map(name => [name, Object.keys(require(name))]))
  return {
    name: 'on-need',
    setup ({ onLoad, onResolve, resolve }) {
      onResolve({ filter: /^room:/ }, ({ path }) => ({ path: path.slice('room:'.length), namespace: 'room' }))
      onLoad({ filter: /.*/, namespace: 'room' }, ({ path }) => ({ contents: contentsOf(rooms.find(({ name }) => name === path)), resolveDir: root }))
      onResolve({ filter: /^[.@a-z]/ }, async ({ path, importer, resolveDir, kind, namespace, pluginData }) => {
        if (pluginData === 'resolving' || kind !== 'import-statement' || namespace !== 'file') return undefined
        if (packages.has(path)) return { path, namespace: 'package' }
        if (!path.startsWith('.')) return undefined
        const found = await resolve(path, { importer, resolveDir, kind, pluginData: 'resolving' })
        const room = rooms.find(({ folder }) => found.path.startsWith(folder) && !importer.startsWith(folder))
        return room === undefined ? found : { path: relative(root, found.path), namespace: 'on-need', pluginData: room }
      })
      onLoad({ filter: /.*/, namespace: 'package' }, ({ path }) => ({ contents: whenUsed(path, packages.get(path)) }))
      onLoad({ filter: /.*/, namespace: 'on-need' }, ({ path, pluginData: { name, modules } }) => ({ contents: whenUsed(`./${name}.js`, modules.get(path)) }))
      onResolve({ filter: /.*/, namespace: 'package' }, ({ path }) => ({ path, external: true }))
      onResolve({ filter: /.*/, namespace: 'on-need' }, ({ path }) => ({ path, external: true }))
    }
  }
}

/** A module that exports what another one does, and loads it when one of the names is read. */
function whenUsed (path, names) {
  return names.map(name => `Object.defineProperty(exports, '${name}', { enumerable: true, get: () => ${LOAD}('${path}').${name} })`).join('\n')
}

/** All that the modules of a folder export. A name that two of them have would be left out. */
function contentsOf ({ modules }) {
  return [...modules.keys()].map(path => `export * from './${path}'`).join('\n')
}

/** Bundles the declarations that TypeScript writes; those of `require` stand beside them as they are. */
async function buildDeclarations () {
  const written = join(dist, 'declarations')
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', written], { cwd: root, stdio: 'inherit' })
  const bundle = await rollup({
    input: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(written, path.replace(/ts$/, 'd.ts'))])),
    external: id => !/^[./]/.test(id),
    plugins: [dts()]
  })
  await bundle.write({ dir: dist, entryFileNames: '[name].d.ts', chunkFileNames: 'shared-[hash].d.ts' })
  await bundle.close()
  writeFileSync(join(dist, 'index.d.cts'), readFileSync(join(written, 'lib', 'index.d.cts')))
  rmSync(written, { recursive: true })
}

/** Bundles the pages. The inspector finds its files beside its script. */
async function buildPages () {
  await build({
    absWorkingDir: root,
    entryPoints: PAGES,
    outdir: root,
    bundle: true,
    format: 'esm',
    target: ['chrome125', 'firefox128', 'safari18'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning'
  })
  cpSync(join(root, 'lib/inspector/assets'), join(dist, 'assets'), { recursive: true })
}
