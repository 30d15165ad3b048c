import { cpSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Bundles the pages, each into a script and a style sheet: browsers load nothing else. */
const root = fileURLToPath(new URL('../../../', import.meta.url))

await build({
  absWorkingDir: root,
  entryPoints: { 'lib/inspector/assets/inspector': 'lib/inspector/page/inspector.tsx', 'examples/demo/dist/demo': 'examples/demo/page/demo.tsx' },
  outdir: '.',
  bundle: true,
  format: 'esm',
  target: ['chrome125', 'firefox128', 'safari18'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning'
})

mkdirSync(`${root}dist/lib/inspector/assets`, { recursive: true })
cpSync(`${root}lib/inspector/assets`, `${root}dist/lib/inspector/assets`, { recursive: true })
