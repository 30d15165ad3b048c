import t from 'tap'
import { isForeign, type Address } from '../../lib/policy/enforcement.js'

const at = (host: string, scheme: string | null = 'https') => (): Address => ({ host, scheme })

t.test('Sec-Fetch-Site decides if it is sent', t => {
  for (const site of ['same-origin', 'none']) t.notOk(isForeign('https://stranger.example', site, at('page.example')))
  for (const site of ['same-site', 'cross-site', '', 'SAME-ORIGIN', 'nonsense']) t.ok(isForeign('https://page.example', site, at('page.example')), site)
  t.end()
})

t.test('a request with neither header comes from no browser', t => {
  t.notOk(isForeign(undefined, undefined, at('page.example')))
  t.end()
})

t.test('without Sec-Fetch-Site, host and port of the origin are compared with the server\'s, and the scheme if it is known', t => {
  for (const [origin, host, scheme, own] of [
    ['https://page.example', 'page.example', 'https', true],
    ['https://page.example', 'PAGE.example', 'https', true],
    ['https://page.example', 'page.example:443', 'https', true],
    ['http://page.example', 'page.example:80', 'http', true],
    ['http://page.example', 'page.example', 'https', false],
    ['http://page.example', 'page.example', null, true],
    ['https://page.example', 'page.example:80', null, false],
    ['https://page.example:8443', 'page.example:8443', 'https', true],
    ['https://page.example:8443', 'page.example', 'https', false],
    ['https://page.example', 'page.example:8443', 'https', false],
    ['http://[::1]:8080', '[::1]:8080', 'http', true],
    ['https://evil-page.example', 'page.example', null, false],
    ['https://evil.page.example', 'page.example', null, false],
    ['https://page.example.evil', 'page.example', null, false],
    ['null', 'page.example', null, false],
    ['null', '', null, false],
    ['https://', '', null, false],
    ['page.example', 'page.example', null, false],
    ['capacitor://page.example', 'page.example', null, false],
    ['foo://page.example', 'page.example', 'foo', false],
    ['ftp://page.example:80', 'page.example:80', null, false],
    ['httpss://page.example', 'page.example', null, false],
    ['xhttp://page.example', 'page.example', null, false],
    ['HTTP://page.example', 'page.example', 'http', false],
    ['https://page.example:443', 'page.example:443', 'https', false],
    ['https://page.example', 'page.example:44', 'https', false],
    ['https://page.example', 'page.example.evil', null, false],
    ['http://[::80]', '[::80]:80', 'http', true],
    [`https://${'a.'.repeat(144)}com`, `${'a.'.repeat(144)}com`, 'https', true],
    [`https://${'a.'.repeat(145)}com`, `${'a.'.repeat(145)}com`, 'https', false]
  ] as const) t.equal(isForeign(origin, undefined, at(host, scheme)), !own, `${origin} at ${host} by ${scheme}`)
  t.end()
})

t.test('the host is read only if the decision depends on it', t => {
  const never = (): Address => { throw new Error('the host was asked for') }
  for (const site of ['same-origin', 'cross-site']) isForeign('https://page.example', site, never)
  isForeign(undefined, undefined, never)
  isForeign(`https://${'a'.repeat(300)}`, undefined, never)
  isForeign('capacitor://localhost', undefined, never)
  t.end()
})
