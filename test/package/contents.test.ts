import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { install, repository, run } from '../installed.js'

const { folder, paths, tarball } = install(t)
const root = join(folder, 'node_modules', 'fastify-cors-policy')

t.test('the package has what was built, its documentation and its licence, and nothing else', async t => {
  const [other] = paths.filter(path => !/^(?:dist\/(?:[\w-]+\.(?:d\.[cm]?ts|[cm]?js)|assets\/[\w-]+\.(?:js|css|svg))|docs\/(?:[\w-]+\/)?[\w-]+\.md|docs\/flow-\w+\.svg|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/.test(path))
  t.equal(other, undefined)
  for (const path of ['README.md', 'CHANGELOG.md', 'LICENSE', 'package.json']) t.ok(paths.includes(path), path)
  t.notOk(paths.some(path => path.includes('test')))
  t.notOk(paths.includes('docs/architecture.md'), 'what only contributors need stays in the repository')
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

t.test('every link of the README to a file leads to one', async t => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, link]) => String(link))
  t.ok(links.length > 0)
  for (const link of links) t.ok(existsSync(join(repository, link)), link)
})
