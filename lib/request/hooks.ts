import type { FastifyReply, FastifyRequest } from 'fastify'
import { ActualRequests, refusesPlain } from './actual.js'
import type { Done } from './ask.js'
import { endDryRun, isDryRun, tellDecision } from './dry-run.js'
import { isPreflight } from '../http/preflight.js'
import { isLogger } from '../notice.js'
import { Preflights } from './preflight.js'
import type { ConflictListener, HeaderGuard } from '../reply/header-guard.js'
import { handOver } from '../reply/raw-guard.js'
import type { Application } from '../scope/application.js'
import type { Registration } from '../scope/registration.js'
import type { Warnings } from './warnings.js'

/** The hooks of a registration, as a request meets them. Each passes it to the class that decides its kind. */
export class Hooks {
  private readonly actual: ActualRequests
  private readonly preflights: Preflights
  private readonly isLogged: boolean
  /** Requests that were decided for `applyCors` only. */
  private readonly provisional = new WeakSet<FastifyRequest>()

  constructor (
    application: Application,
    private readonly registration: Registration,
    readonly guard: HeaderGuard,
    readonly warnings: Warnings
  ) {
    this.actual = new ActualRequests(registration, guard, warnings)
    this.preflights = new Preflights(registration, application.preflightTargets, guard)
    this.isLogged = isLogger(registration.instance.log)
  }

  /** `onRequest`, if a later hook decides: refuses what foreign origins may not send. */
  enforce (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (isDryRun(request.raw.headers)) this.decide(request, reply, done)
    else this.actual.enforce(request, reply, done)
  }

  /** `preHandler`, if a later hook decides: preflights, and all of OPTIONS under `strictPreflight`, reach no handler. */
  decideOptions (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    const { raw } = request
    if (isPreflight(raw) || refusesPlain(this.registration.policy, raw)) this.decide(request, reply, done)
    else done()
  }

  /** The deciding hook (the option `hook`). */
  decide (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (request.cors !== undefined && !this.provisional.has(request)) {
      done()
      return
    }
    this.provisional.delete(request)
    if (this.isLogged) this.hearEnd(request, reply)
    const next = this.nextOf(request, reply, done)
    const { raw } = request
    if (isPreflight(raw)) this.preflights.answer(raw.headers, request, reply, next)
    else this.actual.decide(request, reply, next, 'unanswered')
  }

  /** Continues a request once it is decided. */
  private nextOf (request: FastifyRequest, reply: FastifyReply, done: Done): Done {
    if (isDryRun(request.raw.headers)) return unlessFailed(done, () => { endDryRun(request, reply, done) })
    if (!('use' in request.server)) return done
    // Middlewares (`use` of middie and express) answer by the raw response alone.
    return unlessFailed(done, () => {
      handOver(reply, this.guard)
      done()
    })
  }

  /** `applyCors` (A12): its caller may answer past Fastify. If it does not, the deciding hook decides again. */
  decideForNow (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (request.cors === undefined) {
      this.provisional.add(request)
      this.guard.touch(reply)
    }
    this.decideRest(request, reply, done)
  }

  /** Decides what is still undecided, and has the last word on the rest. */
  finish (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (isDryRun(request.raw.headers)) {
      this.decideRest(request, reply, error => {
        tellDecision(request, reply)
        done(error)
      })
    } else this.decideRest(request, reply, done)
  }

  private decideRest (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (request.cors !== undefined) {
      this.guard.watchRaw(reply)
      done()
      return
    }
    const isPreflightRequest = isPreflight(request.raw)
    if (isPreflightRequest && this.preflights.isLeftAlone(request)) {
      this.preflights.leaveAlone(request, done)
      return
    }
    if (isPreflightRequest && this.guard.isOn(reply)) this.warnings.answeredBefore(request, reply, this.registration.options.hook)
    this.actual.decide(request, reply, error => {
      this.guard.watchRaw(reply)
      done(error)
    }, 'answered')
  }

  /** The reader of a stream may leave before its end: then there is no `onResponse`. */
  private hearEnd (request: FastifyRequest, reply: FastifyReply): void {
    const { raw } = reply
    raw.once('close', () => {
      if (!raw.writableFinished) this.checkSent(request, reply)
    })
  }

  /** Warns of a sent answer that bypassed the policy. */
  checkSent (request: FastifyRequest, reply: FastifyReply): void {
    if (request.cors?.reason === 'cors-off' || !this.guard.isPassedBy(reply)) return
    // The handshake of a WebSocket bypasses Fastify too, and needs no CORS headers.
    if (request.raw.headers.upgrade !== undefined) return
    const isPreflightRequest = isPreflight(request.raw)
    if (isPreflightRequest && this.preflights.isLeftAlone(request)) return
    this.warnings.passedBy(request, reply, isPreflightRequest, this.registration.options.hook)
  }
}

function unlessFailed (done: Done, next: () => void): Done {
  return error => {
    if (error === undefined) next()
    else done(error)
  }
}

/** The hooks of each registration, by its `fastify.cors`. */
const hooksOf = new WeakMap<object, Hooks>()

/** Lets {@link hooksFor} find the hooks of a registration. */
export function rememberHooks (controller: object, hooks: Hooks): void {
  hooksOf.set(controller, hooks)
}

/** The hooks of the registration that covers a request. */
function hooksFor ({ server }: FastifyRequest): Hooks | undefined {
  return server.hasDecorator('cors') ? hooksOf.get(server.cors) : undefined
}

/**
 * Writes the headers that the policy grants to `reply` and to `reply.raw`: for code that answers past Fastify without
 * `reply.hijack()`, and for `frameworkErrors`, where the registration of the root counts. It writes nothing if no
 * registration covers the reply, or if CORS is off.
 *
 * @returns a promise only if a function of the options returns one
 * @throws what such a function throws
 */
export function applyCors (reply: FastifyReply): void | Promise<void> {
  const { request } = reply
  const hooks = hooksFor(request)
  if (hooks === undefined) return undefined
  const outcome: { decided: boolean, failure: Error | undefined, wake: () => void } = { decided: false, failure: undefined, wake: () => {} }
  hooks.decideForNow(request, reply, error => {
    outcome.decided = true
    outcome.failure = error
    outcome.wake()
  })
  const finish = (): void => {
    handOver(reply, hooks.guard)
    if (outcome.failure !== undefined) throw outcome.failure
  }
  if (!outcome.decided) return new Promise<void>(resolve => { outcome.wake = resolve }).then(finish)
  finish()
  return undefined
}

/** Warns through the registration that covers the request. */
export const warnOfConflicts: ConflictListener = {
  hijacked (request) { hooksFor(request)?.warnings.hijacked(request) },
  replaced (request, field, given, kept) { hooksFor(request)?.warnings.replaced(request, field, given, kept) }
}
