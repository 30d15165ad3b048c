import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { run, serve } from '../cli/terminal.js'

const root = join(__dirname, '..', '..')
const page = readFileSync(join(root, 'docs', 'command.md'), 'utf8')

/** A code block of a section. */
function blockOf (section: string, language: string): string {
  const [, text = ''] = page.split(`\n## ${section}\n`)
  return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(text)?.[1] ?? ''
}

t.test('the page shows what check prints', async t => {
  const url = await serve(t, (_request, response) => response.writeHead(404, { 'x-powered-by': 'Express' }).end())
  const asked = ['/users/1', '--origin', 'http://localhost:5173', '--method', 'PUT', '--header']
  t.equal(blockOf('check', 'sh'), `npx fastify-cors-policy check http://localhost:3000${asked.join(' ')} 'Content-Type: application/json'\n`)
  const [path, ...options] = asked
  const { output } = await run(['check', `${url}${path}`, ...options, 'Content-Type: application/json'])
  const shown = output.replaceAll(url, 'http://localhost:3000').replace(root, 'node_modules/fastify-cors-policy')
  t.equal(shown, blockOf('check', 'text'))
})

t.test('the page shows what routes prints', async t => {
  const library = JSON.stringify(join(root, 'lib', 'index.js'))
  const folder = t.testdir({
    node_modules: { 'fastify-cors-policy': { 'index.js': `module.exports = require(${library})` } },
    'app.cjs': `module.exports = async app => {
      app.get('/health', () => '')
      app.register(async api => {
        api.register(require('fastify-cors-policy'), { origin: 'https://app.example.com', methods: ['GET', 'PUT'], credentials: true, maxAge: 600 })
        api.get('/users', () => '')
        api.delete('/users/:id', () => '')
        api.get('/internal', { config: { cors: false } }, () => '')
      }, { prefix: '/api' })
    }`
  })
  const { output, errors } = await run(['routes', join(folder, 'app.cjs')])
  t.equal(output, blockOf('routes', 'text'), errors)
})

t.test('the page has every option of check', async t => {
  const { output } = await run(['check', '--help'])
  const options = Array.from(output.matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm), ([, name]) => String(name))
  t.ok(options.length > 10)
  for (const name of options) t.ok(page.includes(`\`--${name}`), name)
})
