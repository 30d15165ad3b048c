import type { FastifyReply, FastifyRequest } from 'fastify'
import { ActualRequests } from './actual.js'
import { endDryRun, isDryRun } from './dry-run.js'
import { Preflights } from './preflight.js'
import type { GuardListener, HeaderGuard } from '../reply/header-guard.js'
import { RoutePolicy } from './route-policy.js'
import type { Application } from '../scope/application.js'
import { isPreflight } from '../http/preflight.js'
import type { Registration } from '../scope/registration.js'
import type { Warnings } from './warnings.js'
import type { Done } from './when-known.js'

/** The hooks of a registration. Each passes a request to the class that decides its kind. */
export class Hooks {
  /** Requests decided before the deciding hook. */
  private readonly early = new WeakSet<FastifyRequest>()
  private readonly actual: ActualRequests
  private readonly preflights: Preflights

  constructor (
    application: Application,
    private readonly registration: Registration,
    readonly guard: HeaderGuard,
    readonly warnings: Warnings
  ) {
    this.actual = new ActualRequests(registration, new RoutePolicy(registration, warnings), guard)
    this.preflights = new Preflights(registration, application.preflightTargets, guard)
  }

  /** Decides a request, and answers it if it is a preflight. */
  decide (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (request.cors !== undefined && !this.early.delete(request)) {
      done()
      return
    }
    const { raw } = request
    const next = isDryRun(raw.headers) ? unlessFailed(request, reply, done) : 'use' in request.server ? this.beforeMiddlewares(reply, done) : done
    if (isPreflight(raw)) this.preflights.answer(raw.headers, request, reply, next)
    else this.actual.decide(request, reply, next, true)
  }

  /** Hands the headers over first, since middlewares (`use` of middie and express) answer by the raw response alone. */
  private beforeMiddlewares (reply: FastifyReply, done: Done): Done {
    return error => {
      if (error === undefined && reply.request.cors?.reason !== 'cors-off') this.guard.handOver(reply)
      done(error)
    }
  }

  /** Warns of a sent answer that bypassed the policy. */
  noticePassedBy (request: FastifyRequest, reply: FastifyReply): void {
    // The handshake of a WebSocket bypasses Fastify too, and needs no CORS headers.
    if (request.raw.headers.upgrade !== undefined || request.cors?.reason === 'cors-off' || !this.guard.isPassedBy(reply)) return
    const preflight = isPreflight(request.raw)
    if (preflight && this.preflights.isLeftAlone(request)) return
    this.warnings.passedBy(request, reply, preflight, this.registration.options.hook)
  }

  /** Decides what must not reach a handler: preflights, and under `strictPreflight` every OPTIONS request. */
  decideOptions (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    const { raw } = request
    const strict = raw.method === 'OPTIONS' && this.registration.options.strictPreflight === true
    if (strict || isPreflight(raw)) this.decide(request, reply, done)
    else done()
  }

  /** Refuses what foreign origins may not send, if a later hook decides the rest. */
  enforce (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (isDryRun(request.raw.headers)) this.decide(request, reply, done)
    else this.actual.enforce(request, reply, done)
  }

  /** Decides for code that may answer past Fastify (A12). If it does not, the deciding hook decides again. */
  decideEarly (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (request.cors === undefined) {
      this.early.add(request)
      this.guard.touch(reply)
    }
    this.decideLate(request, reply, done)
  }

  /** Decides what is still undecided: answers and errors of hooks that ran before this plugin's. */
  decideLate (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (request.cors !== undefined) {
      this.guard.overRaw(reply)
      done()
      return
    }
    if (isPreflight(request.raw)) {
      if (this.preflights.isLeftAlone(request)) {
        this.preflights.leaveAlone(request, done)
        return
      }
      if (this.guard.isOver(reply)) this.warnings.answeredBefore(request, reply, this.registration.options.hook)
    }
    this.actual.decide(request, reply, error => {
      this.guard.overRaw(reply)
      done(error)
    }, false)
  }
}

/** A request that is only to be explained ends before any handler. */
function unlessFailed (request: FastifyRequest, reply: FastifyReply, done: Done): Done {
  return error => {
    if (error === undefined) endDryRun(request, reply, done)
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
export function hooksFor ({ server }: FastifyRequest): Hooks | undefined {
  return server.hasDecorator('cors') ? hooksOf.get(server.cors) : undefined
}

/** Passes the events of the header guard to the registration that covers the request. */
export const guardListener: GuardListener = {
  hijacked (request) { hooksFor(request)?.warnings.hijacked(request) },
  replaced (request, field, given, kept) { hooksFor(request)?.warnings.replaced(request, field, given, kept) }
}
