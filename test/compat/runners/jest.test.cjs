'use strict'
/* global jest, test */
const Fastify = require('fastify')
const corsPlugin = require('fastify-cors-policy')
const { boots } = require('./boots.cjs')

test('the plugin boots', () => boots(Fastify, corsPlugin))

test('after jest.resetModules() the next copy boots', async () => {
  for (let i = 0; i < 2; i++) {
    jest.resetModules()
    await boots(require('fastify'), require('fastify-cors-policy'))
  }
})

test('a dependency that merely loads its own copy is in nobody\'s way', async () => {
  jest.isolateModules(() => { require('fastify-cors-policy') })
  await boots(Fastify, corsPlugin)
})

test('the next copy boots on the Fastify that was there before', async () => {
  jest.resetModules()
  await boots(Fastify, require('fastify-cors-policy'))
})
