import t from 'tap'
import { answers, allowOrigin, page, from } from '../scripted.js'
import { checkCors } from '../../../lib/browser/index.js'
import { codes, judged, notes } from './situation.js'

const any = [200, allowOrigin('*')] as const

t.test('a page over https that calls plain http', async t => {
  const { send, requests } = answers()
  const verdict = await checkCors(from({ url: 'http://api.example.net:3000/items' }), send)
  t.match(verdict, { allowed: false, reason: null, parameter: null, remedy: null, differs: { length: 0 }, exchanges: { length: 0 } })
  t.match(verdict.notes, [{ code: 'mixed-content', message: 'api.example.net:3000', fix: 'https://api.example.net:3000/items', where: 'server' }])
  t.equal(requests.length, 0, 'nothing is sent')
  t.strictSame(await codes({ origin: 'http://app.example.com', url: 'http://api.example.net/' }, [...any]), [], 'a page over http may')
  t.match(await notes({}, [301, allowOrigin(page), ['Location', 'http://api.example.net/items/']]),
    [{ code: 'mixed-content', fix: /Call https:\/\/api\.example\.net\/items\/ directly.*X-Forwarded-Proto/ }], 'a redirect that loses the s')
  for (const host of ['localhost', '127.0.0.1', '[::1]', 'app.localhost']) {
    t.match(await judged({ url: `http://${host}:3000/` }, [...any]), { allowed: true, differs: ['webkit'], notes: [{ code: 'local-network' }] }, host)
  }
  t.match(await judged({ url: 'http://192.168.1.20/' }), {
    allowed: false, differs: { length: 0 }, notes: [{ code: 'mixed-content', message: 'Chromium makes an exception' }, { code: 'local-network' }]
  })
})

t.test('a port that browsers never call', async t => {
  for (const port of [6000, 6667, 10080, 25]) {
    const verdict = await judged({ origin: 'http://localhost:3000', url: `http://localhost:${port}/` })
    t.match(verdict, { allowed: false, reason: null, remedy: null, notes: [{ code: 'blocked-port', message: String(port), where: 'server' }], exchanges: { length: 0 } })
  }
  t.match(await judged({ origin: 'http://localhost:6000', url: '/' }), { allowed: false }, 'the own one neither')
  t.strictSame(await codes({ origin: 'http://localhost:3000', url: 'http://localhost:8080/' }, [...any]), [])
})

t.test('a page from the internet that calls this machine or the local network', async t => {
  for (const host of [
    'localhost', '127.0.0.1', '[::1]', '0.0.0.0', '[::ffff:127.0.0.1]', '10.1.2.3', '172.16.0.1', '172.31.9.9', '192.168.0.7', '169.254.1.1',
    '100.64.0.1', '198.18.0.1', '[fd00::1]', '[fe80::1]', '[::ffff:192.168.0.7]', 'printer.local', 'nas', 'router.home.arpa', 'db.internal'
  ]) {
    t.match(await judged({ origin: 'http://app.example.com', url: `http://${host}/` }, [...any]),
      { allowed: true, differs: ['chromium'], notes: [{ code: 'local-network', fix: /over https/, where: 'page' }] }, host)
  }
  t.match(await judged({ url: 'https://nas.local/' }, [...any]), { allowed: true, differs: { length: 0 }, notes: [{ code: 'local-network', message: /asks its user/ }] })
  for (const [origin, host] of [
    ['http://app.example.com', 'api.example.net'], ['http://app.example.com', '8.8.8.8'], ['http://app.example.com', '[2606:4700::1]'], ['http://app.example.com', '172.32.0.1'],
    ['http://192.168.0.7:5173', '192.168.0.7:3000'], ['http://localhost:5173', '127.0.0.1:8000'], ['http://nas', '10.0.0.1'],
    ['chrome-extension://abcdef', 'localhost:3000'], ['null', 'localhost:3000']
  ] as const) t.match(await judged({ origin, url: `http://${host}/` }, [...any]), { allowed: true, differs: { length: 0 }, notes: { length: 0 } }, `${origin} ${host}`)
  t.strictSame(await codes({ url: 'https://nas.local/' }, [200]), [], 'what is blocked by CORS is not blocked for that')
  const blocked = await judged({ origin: 'http://app.example.com', url: 'http://10.0.0.1/' }, [502])
  t.match(blocked.notes, [{ code: 'server-error' }, { code: 'local-network' }], 'the likelier cause comes first')
})
