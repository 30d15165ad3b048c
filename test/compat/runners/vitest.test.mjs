import Fastify from 'fastify'
import corsPlugin from 'fastify-cors-policy'
import { test, vi } from 'vitest'
import { boots } from './boots.cjs'

test('the plugin boots', () => boots(Fastify, corsPlugin))

test('after vi.resetModules() the plugin boots', async () => {
  vi.resetModules()
  await boots((await import('fastify')).default, (await import('fastify-cors-policy')).default)
})
