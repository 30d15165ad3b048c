import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { install, repository } from '../installed.js'

const { folder, paths } = install(t)
const root = join(folder, 'node_modules', 'fastify-cors-policy')

t.test('the package has what was built, its documentation and its licence, and nothing else', async t => {
  const [other] = paths.filter(path => !/^(?:dist\/lib\/inspector\/assets\/[a-z]+\.(?:js|css|svg)|dist\/(?:lib|types)\/.+\.[cm]?(?:d\.[cm]?ts|js)|docs\/[\w-]+\.md|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/.test(path))
  t.equal(other, undefined)
  for (const path of ['README.md', 'CHANGELOG.md', 'LICENSE', 'package.json']) t.ok(paths.includes(path), path)
  t.notOk(paths.some(path => path.includes('test')))
})

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

t.test('every script has its declarations', async t => {
  const scripts = paths.filter(path => /^dist\/.+js$/.test(path) && !path.includes('/assets/'))
  t.ok(scripts.length > 0)
  for (const script of scripts) t.ok(paths.includes(script.replace(/\.([cm]?)js$/, '.d.$1ts')), script)
})

t.test('every link of the README to a file leads to one', async t => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, link]) => String(link))
  t.ok(links.length > 0)
  for (const link of links) t.ok(existsSync(join(repository, link)), link)
})
