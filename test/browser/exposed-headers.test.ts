import t from 'tap'
import { checkCors } from '../../lib/browser/index.js'
import { allowCredentials, allowOrigin, answers, from, page } from './scripted.js'

const safelisted = ['cache-control', 'content-language', 'content-length', 'content-type', 'expires', 'last-modified', 'pragma']
const sent = [...safelisted, 'ETag', 'X-A', 'X-A', 'Set-Cookie', 'Set-Cookie2', '*'].map((name): [string, string] => [name, '1'])

async function readable (credentials: 'omit' | 'include', ...lines: string[]): Promise<string[]> {
  const expose = lines.map((line): [string, string] => ['Access-Control-Expose-Headers', line])
  const { send } = answers([200, allowOrigin(page), allowCredentials('true'), ...expose, ...sent])
  const { readableHeaders } = await checkCors(from({ credentials }), send)
  return readableHeaders.filter(name => !safelisted.includes(name))
}

t.test('seven names can always be read', async t => {
  const { readableHeaders } = await checkCors(from(), answers([200, allowOrigin(page), ...sent]).send)
  t.strictSame(readableHeaders, safelisted)
})

t.test('others can be read if they are listed', async t => {
  t.strictSame(await readable('omit', 'x-a'), ['x-a'])
  t.strictSame(await readable('include', 'X-A, etag,, missing'), ['etag', 'x-a'])
  t.strictSame(await readable('omit', 'x-a', 'etag'), ['etag', 'x-a'])
  t.strictSame(await readable('omit', ''), [])
})

t.test('Set-Cookie can never be read', async t => {
  t.strictSame(await readable('omit', 'set-cookie, set-cookie2, x-a'), ['x-a'])
})

t.test('a list with anything but tokens exposes nothing', async t => {
  t.strictSame(await readable('omit', 'x-a, ('), [])
  t.strictSame(await readable('omit', 'x-a', '"etag"'), [])
})

t.test('a wildcard exposes all without credentials, and only itself with them', async t => {
  t.strictSame(await readable('omit', '*'), [
    '*', 'access-control-allow-credentials', 'access-control-allow-origin', 'access-control-expose-headers', 'etag', 'x-a'
  ])
  t.strictSame(await readable('include', '*, x-a'), ['*', 'x-a'])
})
