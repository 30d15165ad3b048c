import type { FastifyReply, FastifyRequest } from 'fastify'
import { askOrigin } from './ask-origin.js'
import { conclude } from './decided.js'
import { invalidPreflight, originNotAllowed } from '../errors.js'
import { enforces, isForeignRequest, kindOf } from './facts.js'
import { DEFAULTS } from '../options/schema.js'
import { type CorsDecision, decideActual, decideWithoutOrigin } from '../policy/decision.js'
import type { Policy } from '../policy/policy.js'
import type { HeaderGuard } from '../reply/header-guard.js'
import { writeActual } from '../reply/write.js'
import type { RoutePolicy } from './route-policy.js'
import type { Registration } from '../scope/registration.js'
import { chain } from '../thenable.js'
import { type Done, end, whenKnown } from './when-known.js'

/** The policy of a request, and its answer about the origin. */
interface Judgement {
  readonly policy: Policy
  readonly allowed: boolean
}

/** Decides requests other than preflights. */
export class ActualRequests {
  /** The policies that enforcement went by, if a later hook decides: the same policy has to decide then (S8). */
  private readonly enforced = new WeakMap<FastifyRequest, Policy>()
  private readonly enforcedApart: boolean

  constructor (
    private readonly registration: Registration,
    private readonly routePolicy: RoutePolicy,
    private readonly guard: HeaderGuard
  ) {
    const { hook = DEFAULTS.hook } = registration.options
    this.enforcedApart = hook !== 'onRequest'
  }

  /**
   * Decides a request, and writes the headers that its policy grants.
   *
   * @param mayRefuse - true if the request has not been answered, so that enforcement and `strictPreflight` hold
   */
  decide (request: FastifyRequest, reply: FastifyReply, done: Done, mayRefuse: boolean): void {
    const { enforcedApart, registration: { onlyPolicy } } = this
    // Most applications have one policy and no function to ask: the general way takes a tenth more time.
    if (onlyPolicy !== null && onlyPolicy.origins.ask === null && !enforcedApart) {
      const { origin } = request.raw.headers
      this.grant(onlyPolicy, origin !== undefined && onlyPolicy.origins.match(origin), request, reply, done, mayRefuse)
    } else {
      whenKnown(this.guard, reply, done, () => this.judge(request), ({ policy, allowed }) => {
        this.grant(policy, allowed, request, reply, done, mayRefuse)
      })
    }
  }

  private grant (policy: Policy, allowed: boolean, request: FastifyRequest, reply: FastifyReply, done: Done, mayRefuse: boolean): void {
    const { origin } = request.raw.headers
    writeActual(this.guard, reply, policy, allowed && origin !== undefined ? origin : null)
    const decision = origin === undefined ? decideWithoutOrigin(policy) : decideActual(policy, origin, allowed, kindOf(request))
    conclude(request, decision)
    end(reply, done, mayRefuse ? refusalOf(policy, request, decision) : undefined)
  }

  private judge (request: FastifyRequest): Judgement | Promise<Judgement> {
    const judgeBy = (policy: Policy): Judgement | Promise<Judgement> => chain(this.allows(policy, request), allowed => ({ policy, allowed }))
    return chain(this.enforced.get(request) ?? this.routePolicy.of(request), judgeBy)
  }

  private allows ({ origins }: Policy, request: FastifyRequest): boolean | Promise<boolean> {
    const { origin } = request.raw.headers
    return origin !== undefined && askOrigin(origins, origin, request, this.registration.instance)
  }

  /** Refuses what foreign origins may not send (E1), if a later hook decides what they may read. */
  enforce (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (request.raw.method === 'OPTIONS' || !isForeignRequest(request)) {
      done()
      return
    }
    const passes = (policy: Policy): boolean | Promise<boolean> => {
      this.enforced.set(request, policy)
      return !enforces(policy, request) || this.allows(policy, request)
    }
    whenKnown(this.guard, reply, done, () => chain(this.routePolicy.of(request), passes), passed => {
      // The deciding hook still has to decide: `whenKnown` has set the decision while it waited.
      request.cors = undefined
      end(reply, done, passed ? undefined : originNotAllowed(request.raw.headers.origin))
    })
  }
}

/** The error that keeps a decided request from its handler, if any. */
function refusalOf (policy: Policy, request: FastifyRequest, { kind, allowed }: CorsDecision): Error | undefined {
  if (!allowed && enforces(policy, request) && (kind === 'actual' || isForeignRequest(request))) {
    return originNotAllowed(request.raw.headers.origin)
  }
  const strict = request.raw.method === 'OPTIONS' && policy.enabled && policy.options.strictPreflight === true
  return strict ? invalidPreflight() : undefined
}
