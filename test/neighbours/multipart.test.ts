import multipart from '@fastify/multipart'
import t from 'tap'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'

/** A form with one file, as a browser sends it. */
function form (content: string): { headers: Record<string, string>, body: string } {
  const parts = ['--border', 'Content-Disposition: form-data; name="file"; filename="a.txt"', 'Content-Type: text/plain', '', content, '--border--', '']
  return { headers: { 'content-type': 'multipart/form-data; boundary=border' }, body: parts.join('\r\n') }
}

inBothOrders(t, {
  cors: { origin: page },
  neighbour: app => app.register(multipart, { limits: { fileSize: 1000 }, attachFieldsToBody: true }),
  routes: app => app.post('/files', async request => Object.keys(Object(request.body)))
}, async (t, { call, warnings }) => {
  t.match(await call('POST /files', form('some text')), { allowed: true, preflight: null, status: 200, body: '["file"]' })
  const { headers, body } = form('some text')
  t.match(await call('POST /files', { headers: { ...headers, 'x-request-id': '1' }, body }), { allowed: true, preflight: 204, status: 200 })
  t.match(await call('POST /files', form('a'.repeat(2000))), { allowed: true, status: 413, headers: { vary: /^Origin$/ } }, 'the page reads that the file is too large')
  t.match(await call('POST /files', { headers, body: '--other' }), { allowed: true, status: 500 }, 'and that a form is broken')
  t.match(await call('POST /files', { headers: { 'content-type': 'text/csv' }, body: 'a,b' }), { allowed: true, preflight: 204, status: 415 })
  t.match(await call('POST /files', { ...form('some text'), origin: stranger }), { allowed: false, status: 200 })
  t.strictSame(warnings(), [])
})

t.test('with enforce, no stranger\'s form is parsed', async t => {
  inBothOrders(t, {
    cors: { origin: page, enforce: 'unsafe' },
    neighbour: app => app.register(multipart),
    routes: app => app.post('/files', async request => {
      const file = await request.file()
      return file?.filename
    })
  }, async (t, { call }) => {
    t.match(await call('POST /files', form('some text')), { allowed: true, status: 200, body: 'a.txt' })
    t.match(await call('POST /files', { ...form('some text'), origin: stranger }), { allowed: false, status: 403 })
  })
})
