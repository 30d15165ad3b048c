'use strict'
const Fastify = require('fastify')
const corsPlugin = require('fastify-cors-policy')
const { corsInspector } = require('fastify-cors-policy/inspector')
const { boots } = require('./boots.cjs')

async function runs () {
  await boots(Fastify, corsPlugin)
  const app = Fastify()
  app.register(corsPlugin, { origin: 'https://page.example' })
  app.register(corsInspector)
  for (const url of ['/_cors', '/_cors/assets/inspector.js']) {
    const { statusCode } = await app.inject(url)
    if (statusCode !== 200) throw new Error(`${url} is answered with ${statusCode}`)
  }
  await app.close()
  console.log('it runs')
}

runs().catch(error => {
  console.error(error)
  process.exitCode = 1
})
