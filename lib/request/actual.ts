import type { FastifyReply, FastifyRequest } from 'fastify'
import { askOrigin, conclude, type Done, fail, whenKnown } from './ask.js'
import { invalidPreflight, originNotAllowed } from '../errors.js'
import { isForeignRequest, kindOf } from './facts.js'
import { type CorsDecision, decideActual, decideWithoutOrigin } from '../policy/decision.js'
import { needsAllowedOrigin } from '../policy/enforcement.js'
import type { Policy } from '../policy/policy.js'
import type { HeaderGuard } from '../reply/header-guard.js'
import { writeActual } from '../reply/write.js'
import type { Registration } from '../scope/registration.js'
import { routedUrlOf } from '../scope/routed-path.js'
import { chain } from '../thenable.js'
import { placeOf, type Warnings } from './warnings.js'

/** The policy of a request, and its answer about the origin. */
interface Judgement {
  readonly policy: Policy
  readonly allowed: boolean
}

/** Something has answered a request already, or nothing yet. */
type State = 'answered' | 'unanswered'

/** Decides requests other than preflights. */
export class ActualRequests {
  /** The policies that `enforce` or `applyCors` chose, so that one policy decides all of a request (S8). */
  private readonly chosen = new WeakMap<FastifyRequest, Policy>()
  /** Most applications choose none early, and need no look-up. */
  private choseAny = false

  constructor (
    private readonly registration: Registration,
    private readonly guard: HeaderGuard,
    private readonly warnings: Warnings
  ) {}

  /**
   * Decides a request, and writes the headers that its policy grants.
   *
   * @param state - enforcement and `strictPreflight` hold only for a request that has not been answered
   */
  decide (request: FastifyRequest, reply: FastifyReply, done: Done, state: State): void {
    const policy = this.chosenFor(request) ?? this.registration.onlyPolicy
    // Most applications have one policy and no function to ask: the general way takes a tenth more time.
    if (policy !== null && policy.origins.ask === null) {
      const { origin } = request.raw.headers
      this.settle(policy, origin !== undefined && policy.origins.match(origin), request, reply, done, state)
      return
    }
    whenKnown(this.guard, reply, done, () => this.judge(request), ({ policy, allowed }) => {
      this.settle(policy, allowed, request, reply, done, state)
    })
  }

  private settle (policy: Policy, allowed: boolean, request: FastifyRequest, reply: FastifyReply, done: Done, state: State): void {
    if (state === 'answered') this.choose(request, policy)
    const { origin } = request.raw.headers
    writeActual(this.guard, reply, policy, allowed && origin !== undefined ? origin : null)
    const decision = origin === undefined ? decideWithoutOrigin(policy) : decideActual(policy, origin, allowed, kindOf(request))
    conclude(request, decision)
    const refusal = state === 'unanswered' ? refusalOf(policy, request, decision) : undefined
    if (refusal === undefined) done()
    else fail(reply, done, refusal)
  }

  private choose (request: FastifyRequest, policy: Policy): void {
    this.choseAny = true
    this.chosen.set(request, policy)
  }

  private chosenFor (request: FastifyRequest): Policy | undefined {
    return this.choseAny ? this.chosen.get(request) : undefined
  }

  private judge (request: FastifyRequest): Judgement | Promise<Judgement> {
    return chain(this.policyOf(request), policy => chain(this.allows(policy, request), allowed => ({ policy, allowed })))
  }

  private allows ({ origins }: Policy, request: FastifyRequest): boolean | Promise<boolean> {
    const { origin } = request.raw.headers
    return origin !== undefined && askOrigin(origins, origin, request, this.registration.instance)
  }

  /**
   * The policy of the route that a request has reached.
   *
   * @returns a promise only if a delegator returns one
   * @throws what a delegator throws, or `CorsConfigError` for a result, or a late override, that is not safe
   */
  private policyOf (request: FastifyRequest): Policy | Promise<Policy> {
    const { registration } = this
    const known = this.chosenFor(request) ?? registration.onlyPolicy
    if (known !== null) return known
    const { cors: override } = request.routeOptions.config
    if (!registration.covers(routedUrlOf(request.raw))) return registration.policyOutsideUrls(override, placeOf(request))
    if (registration.delegate !== null && override !== false) return registration.delegate(request, override, () => placeOf(request))
    return registration.knownPolicyOf(override) ?? this.policyOfUnseen(request, override)
  }

  /** The policy of an override that was not seen at boot (S1). */
  private policyOfUnseen (request: FastifyRequest, override: unknown): Policy {
    const place = placeOf(request)
    this.warnings.overrideUnseen(request, place)
    return this.registration.policyOf(override, place)
  }

  /** Refuses what foreign origins may not send (E1), if a later hook decides what they may read. */
  enforce (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (request.raw.method === 'OPTIONS' || !isForeignRequest(request)) {
      done()
      return
    }
    const passes = (policy: Policy): boolean | Promise<boolean> => {
      this.choose(request, policy)
      return !needsAllowedOrigin(policy, request.raw) || this.allows(policy, request)
    }
    whenKnown(this.guard, reply, done, () => chain(this.policyOf(request), passes), isPassed => {
      // The deciding hook still has to decide: `whenKnown` has set the decision while it waited.
      request.cors = undefined
      if (isPassed) done()
      else fail(reply, done, originNotAllowed(request.raw.headers.origin))
    })
  }
}

/** The error that keeps a decided request from its handler, if any. */
function refusalOf (policy: Policy, request: FastifyRequest, { allowed }: CorsDecision): Error | undefined {
  if (!allowed && needsAllowedOrigin(policy, request.raw) && isForeignRequest(request)) return originNotAllowed(request.raw.headers.origin)
  return policy.enabled && refusesPlain(policy, request.raw) ? invalidPreflight() : undefined
}

/** True for an OPTIONS request that a policy refuses, unless it is a preflight. */
export function refusesPlain ({ strictPreflight }: Policy, { method }: FastifyRequest['raw']): boolean {
  return strictPreflight && method === 'OPTIONS'
}
