import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema, HookHandlerDoneFunction, preHandlerHookHandler } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { AlreadyRegisteredError } from './errors.js'
import { Controller } from './introspection/controller.js'
import { logFindings } from './introspection/finding.js'
import { isLogger, levelsOf } from './notice.js'
import { CorsConfigError } from './options/issue.js'
import { type CorsOptions, DEFAULTS } from './options/schema.js'
import { parseRegistration } from './options/parse.js'
import type { CorsDecision } from './policy/decision.js'
import { guardReplies } from './reply/header-guard.js'
import { Hooks, rememberHooks, warnOfConflicts } from './request/hooks.js'
import { Warnings } from './request/warnings.js'
import { type Application, applicationOf, isGettingReady } from './scope/application.js'
import { PREFLIGHT_CONSTRAINT } from './scope/preflight-route.js'
import type { Registration } from './scope/registration.js'

async function register (instance: FastifyInstance, given: CorsOptions): Promise<void> {
  const application = applicationOf(instance)
  if (application.registrations.has(instance) || application.refused.has(instance)) throw new AlreadyRegisteredError()
  const options = acceptedOptions(instance, application, given)
  if (options === null) return
  if (application.registrations.size === 0) decorateRequests(application.root)
  const registration = application.register(instance, options)
  const warnings = new Warnings(options)
  const hooks = new Hooks(application, registration, guardReplies(application.root, warnOfConflicts), warnings)
  const controller = new Controller(application, registration, warnings)
  instance.decorate('cors', controller)
  rememberHooks(controller, hooks)
  addHooks(instance, controller, hooks, registration.options.hook)
  addNotices(instance, controller, hooks)
  addOptionsRoutes(instance, registration)
  instance.addHook('onReady', async () => {
    application.prepare()
    if (registration.options.audit ?? DEFAULTS.audit) logFindings(controller.audit(), instance.log)
  })
}

/**
 * The options of a registration; `null` where they are wrong and nobody waits for this registration alone, so that the
 * boot can go on to the next one, and report what is wrong with all of them.
 *
 * @throws CorsConfigError where this registration is waited for
 */
function acceptedOptions (instance: FastifyInstance, application: Application, given: CorsOptions): CorsOptions | null {
  try {
    return parseRegistration(given, instance.prefix, levelsOf(instance.log))
  } catch (error) {
    if (!(error instanceof CorsConfigError) || !isGettingReady(application.root)) throw error
    application.refused.set(instance, error)
    instance.decorate('cors', {
      getter () { throw error },
      // A registration in a context below has a controller of its own.
      setter (this: FastifyInstance, value) { Object.defineProperty(this, 'cors', { value, writable: true, configurable: true, enumerable: true }) }
    })
    instance.addHook('onReady', async () => { application.prepare() })
    return null
  }
}

const DECISION = Symbol('fastify-cors-policy.decision')

interface Decided extends FastifyRequest {
  [DECISION]?: CorsDecision | undefined
}

/**
 * Adds `request.cors` to the requests of an application. It is an accessor of their prototype: a property would cost every
 * request, decided or not.
 */
function decorateRequests (root: FastifyInstance): void {
  root.decorateRequest('cors', {
    getter (this: Decided) {
      return this[DECISION]
    },
    // A context below that decorates its requests with `cors` too makes Fastify set this on every request.
    setter (this: Decided, decision: CorsDecision | null | undefined) {
      this[DECISION] = decision ?? undefined
    }
  })
}

/** Adds the hooks. Contexts inherit them, but only those of the innermost registration act (S2). */
function addHooks (instance: FastifyInstance, controller: Controller, hooks: Hooks, hook: CorsOptions['hook'] = DEFAULTS.hook): void {
  const decide: preHandlerHookHandler = function (request, reply, done) {
    if (this.cors === controller) hooks.decide(request, reply, done)
    else done()
  }
  const enforce: preHandlerHookHandler = function (request, reply, done) {
    if (this.cors === controller) hooks.enforce(request, reply, done)
    else done()
  }
  const decideOptions: preHandlerHookHandler = function (request, reply, done) {
    if (this.cors === controller) hooks.decideOptions(request, reply, done)
    else done()
  }
  instance.addHook('onRequest', hook === 'onRequest' ? decide : enforce)
  if (hook === 'preParsing') instance.addHook('preParsing', withPayload(decide))
  if (hook === 'preValidation') instance.addHook('preValidation', decide)
  if (hook === 'preHandler') instance.addHook('preHandler', decide)
  // OPTIONS requests are answered before any handler, whichever hook decides the rest.
  if (hook === 'preSerialization' || hook === 'onSend') instance.addHook('preHandler', decideOptions)
  if (hook === 'preSerialization') instance.addHook('preSerialization', withPayload(decide))
  instance.addHook('onSend', function (request, reply, _payload, done) {
    if (this.cors === controller) hooks.finish(request, reply, done)
    else done()
  })
}

/** Adds the hook that warns, if there is a log: the hook alone takes a sixth of the time of a request. */
function addNotices (instance: FastifyInstance, controller: Controller, hooks: Hooks): void {
  if (!isLogger(instance.log)) return
  instance.addHook('onResponse', function (request, reply, done) {
    if (this.cors === controller) hooks.checkSent(request, reply)
    done()
  })
}

/** Makes a hook of one that gets a payload, which it leaves as it is. */
function withPayload (decide: preHandlerHookHandler) {
  return function (this: FastifyInstance, request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: HookHandlerDoneFunction): void {
    decide.call(this, request, reply, done)
  }
}

/**
 * Adds OPTIONS routes for preflights. By their constraint, every preflight that the registration answers reaches them, and
 * no other request does (S5, S6).
 */
function addOptionsRoutes (instance: FastifyInstance, { slot, options: { hideOptionsRoute = DEFAULTS.hideOptionsRoute, logLevel } }: Registration): void {
  if (slot.isShared) return
  const constraints = { [PREFLIGHT_CONSTRAINT]: slot.number }
  const schema: FastifySchema & { hide: boolean } = { hide: hideOptionsRoute }
  for (const url of urlsUnder(instance.prefix)) {
    instance.route({
      method: 'OPTIONS',
      url,
      constraints,
      schema,
      ...logLevel === undefined ? {} : { logLevel },
      handler: (_request, reply) => reply.callNotFound()
    })
  }
}

/**
 * The URLs that cover all routes of a prefix. `'*'` does, although it reaches `/files-old` below `/files`; but routers
 * refuse it after a parameter.
 */
function urlsUnder (prefix: string): string[] {
  const last = prefix.slice(prefix.lastIndexOf('/')).replaceAll('::', '')
  return last.includes(':') ? ['', '/*'] : ['*']
}

/** CORS for Fastify. Its options are {@link CorsOptions}. */
export const corsPlugin = fastifyPlugin(register, { fastify: '5.x', name: 'fastify-cors-policy' })
