import t from 'tap'
import { Origins, appWith, gate, shop, soon, thief } from './asked.js'

const tenantOf = (_origin: string, { url }: { url: string }): string => String(url.split('/')[1])

t.test('an origin that is invalidated is looked up again, and no other', async t => {
  const database = new Origins(shop)
  const { allows, origins } = await appWith(t, database)
  t.equal(await allows(shop), true)
  t.equal(await allows(thief), false)
  database.allowed.delete(shop)
  await origins.invalidate(shop)
  t.equal(await allows(shop), false)
  t.equal(await allows(thief), false)
  t.strictSame(database.asked, [shop, thief, shop])
})

t.test('all origins are invalidated, also those that were by name before', async t => {
  const database = new Origins(shop)
  const { allows, origins } = await appWith(t, database)
  await origins.invalidate(shop)
  t.equal(await allows(shop), true)
  t.equal(await allows(thief), false)
  database.allowed.delete(shop)
  await origins.invalidate()
  t.equal(await allows(shop), false)
  t.equal(await allows(thief), false)
  t.equal(database.asked.length, 4)
})

t.test('an answer that was being looked up meanwhile is not kept, nor joined by later requests', async t => {
  for (const name of [shop, undefined]) {
    const database = new Origins(shop)
    const { passed, open } = gate()
    database.before = () => passed
    const { directly, allows, origins } = await appWith(t, database)
    const before = directly(shop)
    await soon()
    database.allowed.delete(shop)
    await origins.invalidate(name)
    const after = directly(shop)
    open()
    t.equal(await before, true, 'who asked before the change may get what held then')
    t.equal(await after, false)
    t.equal(await allows(shop), false)
    t.equal(database.asked.length, 2)
  }
})

t.test('an old answer is not served after it was invalidated, though the look-up fails', async t => {
  const database = new Origins(shop)
  const { allows, origins } = await appWith(t, database, { stale: 600 })
  t.equal(await allows(shop), true)
  await origins.invalidate(shop)
  database.fails()
  t.equal(await allows(shop), false)
})

t.test('the answer of one tenant never serves another, however tenants are named', async t => {
  const names = ['red', 'blue', '', '1:x', '0:', '~', 'red~blue', '__proto__', 'a'.repeat(1024)]
  const allowed = new Set<string>()
  let asked = 0
  const lookup = (origin: string, request: { url: string }): boolean => {
    asked++
    return allowed.has(`${tenantOf(origin, request)} ${origin}`)
  }
  const { allows, origins } = await appWith(t, new Origins(), { lookup, key: tenantOf })
  for (const name of names) {
    allowed.clear()
    allowed.add(`${name} ${shop}`)
    await origins.invalidate()
    for (const other of [name, ...names]) t.equal(await allows(shop, `/${other}/orders`), other === name, `${other} in the place of ${name}`)
  }
  t.equal(asked, names.length ** 2)
})

t.test('no two pairs of tenant and origin share a key', async t => {
  const seen: string[] = []
  const { directly } = await appWith(t, new Origins(), {
    key: origin => origin.split('|')[0] ?? '',
    lookup: origin => { seen.push(origin); return false }
  })
  for (const origin of ['a|bc', 'ab|c', '1:a|b', '1|:ab', '|a']) await directly(origin)
  t.equal(seen.length, 5)
})

t.test('an origin is invalidated for all tenants', async t => {
  let asked = 0
  const { allows, origins } = await appWith(t, new Origins(), { lookup: () => { asked++; return true }, key: tenantOf })
  for (const url of ['/red', '/blue', '/red', '/blue']) t.equal(await allows(shop, url), true)
  t.equal(asked, 2)
  await origins.invalidate(shop)
  for (const url of ['/red', '/blue', '/red', '/blue']) t.equal(await allows(shop, url), true)
  t.equal(asked, 4)
})

t.test('a key that is no text, is too long, or throws, refuses and is reported', async t => {
  const keys = [() => undefined, () => 5, async () => 'red', () => 'a'.repeat(1025), () => { throw new Error('no tenant') }]
  for (const key of keys) {
    const { allows, reported } = await appWith(t, new Origins(shop), { key: key as () => string })
    t.equal(await allows(shop), false)
    t.equal(reported.length, 1)
    t.match(reported, [{ error: Error, origin: shop }])
  }
})

t.test('what no browser sends as an origin can\'t be invalidated: nothing would have become of it', async t => {
  const { origins } = await appWith(t, new Origins())
  for (const origin of [null, 5, new URL(shop), '', 'null', '*', 'shop.example', `${shop}/`, `${shop}:443`, 'https://Shop.example', ` ${shop}`]) {
    await t.rejects(origins.invalidate(origin as string), {
      name: 'TypeError', message: /the origin must be as browsers send it, such as 'https:\/\/shop.example', not /
    })
  }
})
