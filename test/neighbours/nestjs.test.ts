import 'reflect-metadata'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  Controller, type ExecutionContext, Get, type MiddlewareConsumer, Module, Put, Sse, UnauthorizedException, VERSION_NEUTRAL, VersioningType
} from '@nestjs/common'
import { APP_GUARD, NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify'
import { Throttle, ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler'
import { of } from 'rxjs'
import t, { type Test } from 'tap'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { page, stranger } from '../helpers.js'
import { call, type Call, type Outcome } from './served.js'

/** Tests are compiled without the decorators of TypeScript that NestJS is written for: here they are called. */
function decorate<Methods extends object> (controller: { readonly prototype: Methods }, name: keyof Methods, ...decorators: MethodDecorator[]): void {
  const { prototype } = controller
  for (const each of decorators) each(prototype, String(name), { value: prototype[name] })
}

class Users {
  all (): string[] { return ['Ada'] }
  change (): string { return 'changed' }
  events (): unknown { return of({ data: 'one' }, { data: 'two' }) }
  often (): string { return 'not too often' }
  admin (): string { return 'of the administration' }
}
Controller({ path: 'users', version: '1' })(Users)
decorate(Users, 'all', Get())
decorate(Users, 'change', Put(':id'))
decorate(Users, 'events', Sse('events'))
decorate(Users, 'often', Put('often/enough'), Throttle({ default: { limit: 1, ttl: 60_000 } }))
decorate(Users, 'admin', Put('admin/all'), RouteConfig({ cors: { origin: stranger } }))

class NewUsers {
  change (): string { return 'changed by version 2' }
}
Controller({ path: 'users', version: '2' })(NewUsers)
decorate(NewUsers, 'change', Put(':id'))

class Behind {
  never (): string { return 'never' }
}
Controller({ path: 'behind', version: VERSION_NEUTRAL })(Behind)
decorate(Behind, 'never', Put())

class AppModule {
  configure (consumer: MiddlewareConsumer): void {
    consumer.apply((_request: IncomingMessage, response: ServerResponse) => { response.writeHead(401).end('from a middleware') }).forRoutes('behind')
  }
}
Module({
  imports: [ThrottlerModule.forRoot([{ ttl: 60_000, limit: 1000 }])],
  controllers: [Users, NewUsers, Behind],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }]
})(AppModule)

const guard = {
  canActivate (context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<IncomingMessage>()
    if (headers.authorization === undefined) throw new UnauthorizedException('who are you?')
    return true
  }
}

const options: CorsOptions = { origin: page, methods: ['GET', 'PUT'], exposedHeaders: ['Retry-After'] }

/** Where the plugin is registered. NestJS brings a Fastify of its own, whose types are others. */
const places = {
  'on the adapter, awaited': { on: 'adapter', isAwaited: true },
  'on the adapter, not awaited': { on: 'adapter', isAwaited: false },
  'on the application, awaited': { on: 'app', isAwaited: true },
  'on the application, not awaited': { on: 'app', isAwaited: false }
} as const

interface Nest {
  readonly call: (action: string, given?: Call) => Promise<Outcome>
  readonly warnings: () => string[]
}

async function startNest (t: Test, { on, isAwaited }: (typeof places)[keyof typeof places], prepare: (app: NestFastifyApplication) => unknown): Promise<Nest> {
  const warned: string[] = []
  const stream = { write: (line: string) => { warned.push((JSON.parse(line) as { msg: string }).msg) } }
  const adapter = new FastifyAdapter({ forceCloseConnections: true, logger: { level: 'warn', stream } })
  const instance = adapter.getInstance()
  const register = async (): Promise<void> => {
    const registered: unknown = Reflect.apply(instance.register, instance, [corsPlugin, options])
    if (isAwaited) await registered
  }
  if (on === 'adapter') await register()
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter, { logger: false })
  if (on === 'app') await register()
  t.teardown(() => app.close())
  app.setGlobalPrefix('api')
  app.useGlobalGuards(guard)
  prepare(app)
  await app.listen(0, '127.0.0.1')
  const url = await app.getUrl()
  return { call: (action, given) => call(url, action, given), warnings: () => warned.filter(line => line.includes('CORS')) }
}

const headers = { authorization: 'Bearer abc' }

for (const [place, where] of Object.entries(places)) {
  t.test(place, async t => {
    const { call, warnings } = await startNest(t, where, app => app.enableVersioning({ type: VersioningType.URI }))

    t.match(await call('PUT /api/v1/users/1', { headers }), { allowed: true, preflight: 204, status: 200, body: 'changed', headers: { vary: /^Origin$/ } })
    t.match(await call('PUT /api/v2/users/1', { headers }), { allowed: true, preflight: 204, body: 'changed by version 2' })
    t.match(await call('PUT /api/v1/users/1', { headers, origin: stranger }), { allowed: false, preflight: 403, status: null })
    t.match(await call('PUT /api/v1/users/1'), { allowed: true, preflight: 204, status: 401, body: /who are you/ }, 'a guard sees no preflight, and the page reads what it says')
    t.match(await call('PUT /api/v3/users/1', { headers }), { allowed: true, preflight: 204, status: 404 })

    t.match(await call('GET /api/v1/users/events', { headers }), {
      allowed: true, preflight: 204, status: 200, body: /data: one[^]*data: two/, headers: { 'content-type': 'text/event-stream', vary: /^Origin$/ }
    }, '@Sse')
    t.match(await call('PUT /api/v1/users/often/enough', { headers }), { allowed: true, preflight: 204, status: 200 })
    const limited = await call('PUT /api/v1/users/often/enough', { headers })
    t.match(limited, { allowed: true, preflight: 204, status: 429 }, 'the throttler')
    t.ok(limited.readable.includes('retry-after'))

    t.match(await call('PUT /api/v1/users/admin/all', { headers, origin: stranger }), { allowed: true, preflight: 204, status: 200 }, '@RouteConfig')
    t.match(await call('PUT /api/v1/users/admin/all', { headers }), { allowed: false, preflight: 403, status: null })
    t.strictSame(warnings(), [])

    const behind = await call('PUT /api/behind', { headers })
    if (where.on === 'adapter') {
      t.match(behind, { allowed: true, preflight: 204, status: 401, body: 'from a middleware', headers: { vary: /^Origin$/ } })
      t.strictSame(warnings(), [])
    } else {
      t.match(behind, { allowed: false, preflight: 401, status: null }, 'a middleware of NestJS came first')
      t.match(warnings(), [/answered with 401 before .* Register fastify-cors-policy before .*"Middlewares" in docs\/routes\.md/])
    }
  })
}

t.test('versions in a header', async t => {
  const { call, warnings } = await startNest(t, places['on the adapter, awaited'], app => app.enableVersioning({ type: VersioningType.HEADER, header: 'X-Version' }))
  for (const [version, body] of [['1', 'changed'], ['2', 'changed by version 2']] as const) {
    t.match(await call('PUT /api/users/1', { headers: { ...headers, 'x-version': version } }), { allowed: true, preflight: 204, status: 200, body })
  }
  t.match(await call('PUT /api/users/1', { headers: { ...headers, 'x-version': '3' } }), { allowed: true, preflight: 204, status: 404 })
  t.match(await call('PUT /api/users/1', { origin: stranger, headers: { ...headers, 'x-version': '1' } }), { allowed: false, preflight: 403, status: null })
  t.match(await call('PUT /api/users/admin/all', { origin: stranger, headers: { ...headers, 'x-version': '1' } }), { allowed: true, preflight: 204, status: 200 }, '@RouteConfig')
  t.strictSame(warnings(), [])
})

t.test('enableCors(), left in place, answers preflights first, and the log says so', async t => {
  const { call, warnings } = await startNest(t, places['on the adapter, awaited'], app => {
    app.enableVersioning({ type: VersioningType.URI })
    app.enableCors({ origin: '*' })
  })
  t.match(await call('PUT /api/v1/users/1', { headers }), { allowed: false, preflight: 204, status: null })
  t.ok(warnings().some(line => /answered with 204 before .* Register fastify-cors-policy before/.test(line)))
  t.match(await call('GET /api/v1/users'), { allowed: true, status: 401, headers: { 'access-control-allow-origin': page } }, 'the policy has the last word all the same')
})
