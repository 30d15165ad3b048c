import t from 'tap'
import { isPattern, parsePattern } from '../../lib/origin/pattern.js'

t.test('an entry with a * is a pattern, but for the one that is nothing else', async t => {
  t.equal(isPattern('*'), false)
  t.equal(isPattern('https://a.example'), false)
  t.equal(isPattern('https://*.a.example'), true)
  t.equal(isPattern('http://localhost:*'), true)
})

t.test('a pattern says what comes before and after its *', async t => {
  t.same(parsePattern('https://*.example.com'), { scheme: 'https://', host: '.example.com', anyLabels: true, port: '' })
  t.same(parsePattern('https://*.example.com:8443'), { scheme: 'https://', host: '.example.com', anyLabels: true, port: ':8443' })
  t.same(parsePattern('https://*.example.com:*'), { scheme: 'https://', host: '.example.com', anyLabels: true, port: null })
  t.same(parsePattern('http://localhost:*'), { scheme: 'http://', host: 'localhost', anyLabels: false, port: null })
  t.same(parsePattern('http://[::1]:*'), { scheme: 'http://', host: '[::1]', anyLabels: false, port: null })
})
