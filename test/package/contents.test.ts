import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t from 'tap'
import { proseOf } from '../docs/pages.js'
import { install, repository, run } from '../installed.js'

const { folder, paths, tarball } = install(t)
const root = join(folder, 'node_modules', 'fastify-cors-policy')

t.test('the package has what was built, its documentation and its licence, and nothing else', async t => {
  const [other] = paths.filter(path => !/^(?:dist\/(?:[\w-]+\.(?:d\.[cm]?ts|[cm]?js)|assets\/[\w-]+\.(?:js|css|svg))|docs\/(?:[\w-]+\/)?[\w-]+\.md|docs\/[\w-]+\.svg|docs\/images\/[\w-]+\.png|(?:README|CHANGELOG|CONTRIBUTING|SECURITY)\.md|LICENSE|package\.json)$/.test(path))
  t.equal(other, undefined)
  for (const path of ['README.md', 'CHANGELOG.md', 'LICENSE', 'package.json']) t.ok(paths.includes(path), path)
  t.notOk(paths.some(path => path.includes('test')))
})

for (const [name, script, args, says] of [
  ['publint', 'publint/src/cli.js', ['run', tarball, '--level', 'suggestion'], 'All good!'],
  ['@arethetypeswrong/cli', '@arethetypeswrong/cli/dist/index.js', [tarball], 'No problems found']
] as const) {
  t.test(`${name} finds nothing to say`, async t => {
    const { code, output, errors } = await run(t, [join(repository, 'node_modules', script), ...args], { cwd: folder })
    t.equal(code, 0, `${output}${errors}`)
    t.match(output, says)
  })
}

t.test('every path that package.json gives is there', async t => {
  const { main, types, exports } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
  const given: string[] = []
  JSON.stringify([main, types, exports], (_key, value) => {
    if (typeof value === 'string') given.push(value)
    return value
  })
  t.ok(given.length > 6)
  for (const path of given) t.ok(existsSync(join(root, path)), path)
})

t.test('no file points to a source map or a source that is not there', async t => {
  const pointing = paths.filter(path => readFileSync(join(root, path), 'utf8').includes('# sourceMappingURL='))
  t.strictSame(pointing, [])
})

t.test('every entry point has its declarations, also for those who resolve it without exports', async t => {
  const { exports, typesVersions } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
  const names = Object.keys(exports).filter(name => name !== './package.json')
  t.ok(names.length > 2)
  for (const name of names) {
    const { import: imported, require: required = imported, ...both } = exports[name]
    for (const { types, default: script } of [imported ?? both, required ?? both]) t.equal(types, script.replace(/\.([cm]?)js$/, '.d.$1ts'), name)
  }
  t.strictSame(Object.keys(typesVersions['*']).map(name => `./${name}`), names.filter(name => name !== '.'))
})

t.test('the scripts are few, and name no place on the machine that built them', async t => {
  const scripts = paths.filter(path => /^dist\/.+js$/.test(path))
  t.ok(scripts.length <= 32, `${scripts.length}`)
  for (const script of scripts) t.notOk(readFileSync(join(root, script), 'utf8').includes(repository), script)
})

t.test('every link of a page leads to a file of the package, or to the web', async t => {
  const pages = paths.filter(path => path.endsWith('.md'))
  const links = pages.flatMap(page => Array.from(proseOf(join(root, page)).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g), ([, link]) => ({ page, link: String(link) })))
  t.ok(links.length > 50)
  t.strictSame(links.filter(({ page, link }) => !paths.includes(join(dirname(page), link))), [])
})

t.test('every picture of the package is shown by a page', async t => {
  const pages = paths.filter(path => path.endsWith('.md')).map(page => readFileSync(join(root, page), 'utf8')).join()
  t.strictSame(paths.filter(path => /\.(?:png|svg)$/.test(path) && path.startsWith('docs/') && !pages.includes(basename(path))), [])
})
