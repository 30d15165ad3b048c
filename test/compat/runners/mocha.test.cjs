'use strict'
/* global describe, it */
const { boots } = require('./boots.cjs')

describe('the plugin', () => {
  it('boots', () => boots(require('fastify'), require('fastify-cors-policy')))

  it('boots from another copy, once require.cache has been cleared', async () => {
    const before = require('fastify-cors-policy')
    for (const path of Object.keys(require.cache)) delete require.cache[path]
    const after = require('fastify-cors-policy')
    if (after === before) throw new Error('this is the same copy')
    await boots(require('fastify'), after)
  })
})
