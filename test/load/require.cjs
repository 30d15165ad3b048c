const { createHash } = require('node:crypto')
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const Module = require('node:module')
const { dirname, join } = require('node:path')

const kept = join(__dirname, '../../node_modules/.cache/fastify-cors-policy')
const compilerOptions = {
  target: 'es2022', module: 'nodenext', esModuleInterop: true, jsx: 'react-jsx', jsxImportSource: 'preact', inlineSourceMap: true, inlineSources: true
}
const { version } = require('typescript/package.json')
mkdirSync(kept, { recursive: true })

/** The JavaScript of a source, with its map, so that stack traces and coverage speak of the source. */
function transpiled (path) {
  const source = readFileSync(path, 'utf8')
  const key = createHash('sha1').update(JSON.stringify([version, compilerOptions, path, source])).digest('hex')
  const file = join(kept, `${key}.js`)
  if (existsSync(file)) return readFileSync(file, 'utf8')
  const { outputText } = require('typescript').transpileModule(source, { fileName: path, compilerOptions })
  // Test processes run side by side: none may read half a file.
  const partial = `${file}.${process.pid}`
  writeFileSync(partial, outputText)
  renameSync(partial, file)
  return outputText
}

for (const extension of ['.ts', '.tsx', '.cts']) {
  Module._extensions[extension] = (module, path) => module._compile(transpiled(path), path)
}

// Imports name the file that the build makes: `./policy.js` is `./policy.ts` here.
const resolve = Module._resolveFilename
Module._resolveFilename = function (request, parent, ...rest) {
  if (/^\.\.?\/.*\.js$/.test(request) && /\.c?tsx?$/.test(parent?.filename ?? '')) {
    const path = join(dirname(parent.filename), request.slice(0, -3))
    for (const extension of ['.ts', '.tsx']) if (existsSync(path + extension)) return path + extension
  }
  return resolve.call(this, request, parent, ...rest)
}
