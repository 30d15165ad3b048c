import t from 'tap'
import { isPattern, parsePattern } from '../../lib/origin/pattern.js'
import { isValidOrigin } from '../../lib/origin/validate.js'

t.test('an entry with a * is a pattern, but for the one that is nothing else', async t => {
  t.equal(isPattern('*'), false)
  t.equal(isPattern('https://a.example'), false)
  t.equal(isPattern('https://*.a.example'), true)
  t.equal(isPattern('http://localhost:*'), true)
})

t.test('a pattern says what comes before and after its *', async t => {
  const https = { scheme: 'https://', prefix: '' }
  t.same(parsePattern('https://*.example.com'), { ...https, wildcard: 'labels', suffix: '.example.com', port: '' })
  t.same(parsePattern('https://*.example.com:8443'), { ...https, wildcard: 'labels', suffix: '.example.com', port: ':8443' })
  t.same(parsePattern('https://*.example.com:*'), { ...https, wildcard: 'labels', suffix: '.example.com', port: null })
  t.same(parsePattern('https://pr-*.example.com'), { ...https, wildcard: 'part', prefix: 'pr-', suffix: '.example.com', port: '' })
  t.same(parsePattern('https://*--shop.netlify.app:*'), { ...https, wildcard: 'part', suffix: '--shop.netlify.app', port: null })
  t.same(parsePattern('chrome-extension://*'), { scheme: 'chrome-extension://', wildcard: 'host', prefix: '', suffix: '', port: '' })
  t.same(parsePattern('http://localhost:*'), { scheme: 'http://', wildcard: 'none', prefix: '', suffix: 'localhost', port: null })
  t.same(parsePattern('http://[::1]:*'), { scheme: 'http://', wildcard: 'none', prefix: '', suffix: '[::1]', port: null })
})

t.test('a * may be part of the first label where two labels follow that nobody can register', async t => {
  const right = [
    'https://pr-*.example.com', 'https://*--shop.netlify.app', 'https://deploy-preview-*--site.netlify.app:*', 'http://a*b.example.com:8080', 'https://*shop.example.com',
    'chrome-extension://*', 'app://*:*', 'http://localhost.:3000', 'https://example.com.', 'https://pr-*.example.com.', 'app://.'
  ]
  for (const value of right) t.ok(isValidOrigin(value), value)
  const wrong = [
    'https://*shop.test', 'https://*shop.co.uk', 'https://pr-*.com', 'https://pr-*.test.', 'https://a.pr-*.example.com', 'https://*-*.example.com', 'https://*.pr-*.example.com', 'https://pr-**.example.com',
    'https://*', 'http://*:3000', 'https://p_*.example.com', 'app://pr-*.example.com', 'https://example.com..', 'https://1*.168.0.1', 'https://pr-*.example.com/'
  ]
  for (const value of wrong) t.notOk(isValidOrigin(value), value)
})
