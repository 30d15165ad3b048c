import t from 'tap'
import { isLoopback } from '../../lib/http/hosts.js'

t.test('a loopback host has several names', async t => {
  for (const host of ['localhost', 'app.localhost', 'a.b.localhost', '127.0.0.1', '127.255.0.9', '[::1]']) t.equal(isLoopback(host), true, host)
})

t.test('names that only look like a loopback host are none', async t => {
  for (const host of ['notlocalhost', 'localhost.example', '127.0.0.1.example', '127.example', '128.0.0.1', '[::2]', 'a127.0.0.1', '0.0.0.0']) {
    t.equal(isLoopback(host), false, host)
  }
})
