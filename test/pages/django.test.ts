import { createServer } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { start as startServer } from '../remedies/project.js'
import { missingPackages, servers } from '../remedies/servers.js'
import { listen } from '../cli/terminal.js'
import { start as startNode } from '../installed.js'
import { launch, open, type Person } from './browser.js'

t.setTimeout(120_000)

const bin = join(__dirname, '../../dist/cli.js')

/** A page with a button for each call, which says what came of it. */
const frontend = `<!doctype html><html lang="en"><title>Frontend</title>
<button id="load">Load</button> <button id="save">Save</button> <output></output>
<script>
  const call = init => fetch(new URLSearchParams(location.search).get('api') + '/items', init)
    .then(answer => answer.json()).then(JSON.stringify, String).then(text => { document.querySelector('output').textContent += text + ' ' })
  document.getElementById('load').onclick = () => call()
  document.getElementById('save').onclick = () => call({ method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}' })
</script></html>`

t.test('in front of a beginner\'s Django server: blocked, explained, mended by what the page says, allowed', async t => {
  t.equal(missingPackages(), '', missingPackages())
  const django = servers.find(({ name }) => name === 'django')
  if (django === undefined) throw new Error('no Django')
  const pages = await listen(t, createServer((_request, response) => { response.writeHead(200, { 'content-type': 'text/html' }).end(frontend) }))
  const browser = await launch()
  t.teardown(() => browser.close())

  /** Starts the server, the command in front of it, and opens both pages. */
  const stand = async (remedy: string | null): Promise<{ target: string, page: Person, inspector: Person, stop: () => Promise<unknown> }> => {
    const target = await startServer(t, django, remedy)
    const command = startNode(t, [bin, 'inspect', target, '--port', '0'], { cwd: __dirname })
    const said = await command.says(/\n/)
    const [, proxy = '', inspector = ''] = /^Let the page call (\S+) in place of \S+, and open (\S+) to see why\n$/.exec(said) ?? []
    return {
      target,
      page: await open(t, browser, `${pages}/?api=${proxy}`),
      inspector: await open(t, browser, inspector),
      stop: async () => {
        command.stop('SIGINT')
        return await command.ended
      }
    }
  }

  const before = await stand(null)
  await before.inspector.reads(`in front of ${before.target}`)
  await before.page.press('Load')
  await before.page.reads('TypeError: Failed to fetch')
  await before.inspector.reads('The server says nothing about other origins')
  t.match(await before.inspector.text(), 'access-control-allow-origin: (not sent)')
  await before.page.press('Save')
  await before.inspector.until(() => document.querySelectorAll('[role=option].blocked').length === 2)
  await before.inspector.click('[role=option]:first-child')
  // Django answers OPTIONS with 405 where a view does not have it.
  await before.inspector.reads('The server does not know preflights')
  t.match(await before.inspector.text(), `PUT ${before.target}/items`, 'told as a call of the server itself')
  t.equal(await before.inspector.page.$eval('.codebox select', select => select.value), 'django', 'guessed from its answers')
  const remedy = await before.inspector.page.$eval('.codebox pre', code => code.textContent)
  t.match(remedy, /CORS_ALLOWED_ORIGINS/)
  t.strictSame(before.inspector.complaints, [])
  const then = Date.now()
  t.match(await before.stop(), { code: 0, errors: '' })
  t.ok(Date.now() - then < 1000, 'Ctrl-C ends it at once, with a browser on both')

  const after = await stand(remedy)
  await after.page.press('Load')
  await after.page.press('Save')
  await after.page.reads('[] []')
  // The views have a header that a page may want to read.
  await after.inspector.until(() => document.querySelectorAll('[role=option]:is(.allowed, .but)').length === 2)
  t.notMatch(await after.page.text(), 'TypeError')
})
