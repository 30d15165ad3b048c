'use strict'
const assert = require('node:assert/strict')
const { request } = require('node:http')

const page = 'https://page.example'
const partner = 'https://partner.example'

/** Boots an application as the test files of users do, and asks it what a browser would. */
exports.boots = async function (Fastify, corsPlugin) {
  const app = Fastify()
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.get('/', async () => 'x')
  // It takes a plugin that knows all routes to answer the preflights of this one.
  app.put('/override', { config: { cors: { origin: partner } } }, async () => 'x')
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  try {
    assert.equal(await allowed('GET', '/', page), page)
    assert.equal(await allowed('OPTIONS', '/', page), page)
    assert.equal(await allowed('OPTIONS', '/override', partner), partner)
    assert.equal(await allowed('OPTIONS', '/override', page), undefined)
  } finally {
    await app.close()
  }

  // Over a socket: `app.inject` needs modules that Jest can't load under every Node.
  function allowed (method, path, origin) {
    return new Promise((resolve, reject) => {
      const headers = { origin, 'access-control-request-method': 'PUT' }
      request(url + path, { method, headers, agent: false }, answer => {
        answer.resume().on('end', () => resolve(answer.headers['access-control-allow-origin']))
      }).on('error', reject).end()
    })
  }
}
