import 'reflect-metadata'
import type { IncomingMessage, ServerResponse } from 'node:http'
import fastifyExpress from '@fastify/express'
import { Controller, Module, Put } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import express from 'express'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { corsHeaders, page, preflight } from '../helpers.js'
import { loggedApp } from '../logged.js'

const answer = (_request: IncomingMessage, response: ServerResponse): void => { response.end('from a middleware') }

t.test('a middleware of Express that answers after the plugin carries the headers', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page })
  await app.register(fastifyExpress)
  app.use('/answers', answer)
  app.get('/passes', async () => 'x')
  for (const url of ['/answers', '/passes']) {
    t.strictSame(corsHeaders(await app.inject({ url, headers: { origin: page } })), { vary: 'Origin', 'access-control-allow-origin': page }, url)
  }
  t.strictSame(lines('warn'), [])
})

t.test('one that answers a preflight before the plugin is reported, though @fastify/express says that nothing was sent', async t => {
  const { app, lines } = loggedApp()
  await app.register(fastifyExpress)
  app.use('/answers', answer)
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.put('/answers', async () => 'never')
  await preflight(app, { origin: page, url: '/answers' })
  t.match(lines('warn'), [/answered with 200 before .*"Middlewares" in docs\/routes\.md/])
})

t.test('the line in the log has the whole URL, though a router of Express has taken its mount away', async t => {
  const { app, urls } = loggedApp()
  await app.register(fastifyExpress)
  const router = express.Router()
  router.use('/users', answer)
  app.use('/legacy', router)
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  await preflight(app, { origin: page, url: '/legacy/users/1' })
  t.strictSame(urls('warn'), ['/legacy/users/1'])
})

class Api {
  change (): string { return 'changed' }
}
Controller()(Api)
Put('/x')(Api.prototype, 'change', { value: Api.prototype.change })
class AppModule {}
Module({ controllers: [Api] })(AppModule)

t.test('in NestJS, a plugin that is registered on the adapter first stands before the middlewares', async t => {
  const adapter = new FastifyAdapter()
  const instance = adapter.getInstance()
  // NestJS brings a Fastify of its own, whose types are others.
  await Reflect.apply(instance.register, instance, [corsPlugin, { origin: page, methods: ['PUT'] }])
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter, { logger: false })
  t.teardown(() => app.close())
  const seen: string[] = []
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    seen.push(String(request.method))
    if (request.method === 'OPTIONS') response.writeHead(401).end()
    else if (request.url === '/answers') answer(request, response)
    else next()
  })
  await app.init()
  await instance.ready()
  const announcing = { origin: page, 'access-control-request-method': 'PUT' }
  t.equal((await instance.inject({ method: 'OPTIONS', url: '/x', headers: announcing })).statusCode, 204)
  t.strictSame(seen, [], 'no middleware sees the preflight')
  for (const [method, url] of [['PUT', '/x'], ['GET', '/answers']] as const) {
    t.match(corsHeaders(await instance.inject({ method, url, headers: { origin: page } })), { 'access-control-allow-origin': page }, url)
  }
})
