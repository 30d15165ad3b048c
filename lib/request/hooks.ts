import { channel } from 'node:diagnostics_channel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { askOrigin } from './ask-origin.js'
import { isDecided, leaveOpen, OpenActual, OpenPreflight } from './decided.js'
import { invalidPreflight, originNotAllowed, toError } from '../errors.js'
import { endDryRun, isDryRun, isAnyDryRun } from './dry-run.js'
import { enforces, isForeignRequest, kindOf } from './facts.js'
import { type CorsDecision, decideActual, decideWithoutOrigin } from '../policy/decision.js'
import type { Policy } from '../policy/policy.js'
import { answerPreflight, leastOf, type PreflightAnswer, type PreflightRequest } from '../policy/preflight.js'
import type { HeaderGuard } from '../reply/header-guard.js'
import { sendPreflightAnswer, writeActual, writeNothing, writePreflight } from '../reply/write.js'
import type { Warnings } from './warnings.js'
import type { Application } from '../scope/application.js'
import { closeUpgrade } from './upgrade.js'
import { isPreflight } from '../scope/preflight-route.js'
import type { Registration } from '../scope/registration.js'
import { leavesPreflightsAlone, type Candidate, type PreflightTarget } from '../scope/preflight-target.js'
import { chain, forEach } from '../thenable.js'

/** Continues a request; with an error, at its error handler. */
type Done = (error?: Error) => void

const decisions = channel('fastify-cors-policy:decision')

/** All that runs per request of a registration: which policy it is under, what that decides, and the headers to send. */
export class Hooks {
  /** Requests that were decided before the deciding hook. */
  private readonly early = new WeakSet<FastifyRequest>()
  /** The policies that requests were enforced by, where another hook decides: the same has to decide them (S8). */
  private readonly enforced = new WeakMap<FastifyRequest, Policy>()
  private readonly enforcesApart: boolean

  constructor (
    private readonly application: Application,
    private readonly registration: Registration,
    private readonly headerGuard: HeaderGuard,
    private readonly warnings: Warnings
  ) {
    const { hook = 'onRequest' } = registration.options
    this.enforcesApart = hook !== 'onRequest'
  }

  /** Decides a request, and answers it if it is a preflight. */
  decide (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    const { plain } = this.registration
    if (plain === null || isDecided(request) || isAnyDryRun()) this.decideAny(request, reply, done)
    else if (request.raw.method !== 'OPTIONS') this.grantPlainly(plain, request, reply, done)
    else if (plain.preflights.answeredBy === 'plugin' && this.application.uniform === this.registration && isPreflight(request.raw)) {
      this.answerPlainly(plain, request.raw.headers, request, reply)
    } else this.decideAny(request, reply, done)
  }

  private grantPlainly (plain: Policy, request: FastifyRequest, reply: FastifyReply, done: Done): void {
    const { origin } = request.raw.headers
    const allowed = origin !== undefined && plain.origins.match(origin)
    writeActual(this.headerGuard, reply, plain, allowed ? origin : null)
    if (origin !== undefined && this.canWait(request)) leaveOpen(request, new OpenActual(plain, origin, allowed))
    else this.conclude(request, this.decisionOf(plain, request, allowed))
    done()
  }

  private answerPlainly (plain: Policy, announced: PreflightRequest, request: FastifyRequest, reply: FastifyReply): void {
    const answer = answerPreflight(plain, announced, plain.origins.match(announced.origin), false)
    writePreflight(this.headerGuard, reply, answer.headers)
    this.concludeOnceAsked(request, answer)
    this.send(answer, reply, announced)
  }

  private send ({ headers }: PreflightAnswer, reply: FastifyReply, { origin }: PreflightRequest): void {
    closeUpgrade(reply)
    sendPreflightAnswer(this.headerGuard, reply, headers, origin)
  }

  private decideAny (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (request.cors !== undefined && !this.early.delete(request)) done()
    else if (isPreflight(request.raw)) this.answer(request.raw.headers, request, reply, this.unlessDryRun(request, reply, done))
    else this.grant(request, reply, this.unlessDryRun(request, reply, done), true)
  }

  /** Decides what must not reach a handler: preflights, and under `strictPreflight` the OPTIONS requests that are none. */
  decideOptions (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    const { raw } = request
    const strict = raw.method === 'OPTIONS' && this.registration.options.strictPreflight === true
    if (strict || isPreflight(raw)) this.decide(request, reply, done)
    else done()
  }

  /** Decides for code that may answer past Fastify (A12). Where it does not, the deciding hook decides anew. */
  decideEarly (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (request.cors === undefined) {
      this.early.add(request)
      this.headerGuard.touch(reply)
    }
    this.decideLate(request, reply, done)
  }

  /** Decides what nothing has decided yet: what hooks before this plugin's answered, and the errors they threw. */
  decideLate (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (isDecided(request)) {
      this.headerGuard.overRaw(reply)
      done()
    } else if (isPreflight(request.raw) && this.targetOf(request) === null) {
      this.leaveAlone(request, done)
    } else {
      if (isPreflight(request.raw) && this.headerGuard.isOver(reply)) {
        this.warnings.answeredBefore(request, reply, this.registration.options.hook)
      }
      this.grant(request, reply, error => {
        this.headerGuard.overRaw(reply)
        done(error)
      }, false)
    }
  }

  /** Refuses what strangers may not send (E1), where another hook decides what they may read. */
  enforce (request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (isDryRun(request.raw.headers)) {
      this.decide(request, reply, done)
      return
    }
    if (request.raw.method === 'OPTIONS' || !isForeignRequest(request)) {
      done()
      return
    }
    const passes = (policy: Policy): boolean | Promise<boolean> => {
      this.enforced.set(request, policy)
      return !enforces(policy, request) || this.allows(policy, request)
    }
    this.settle(request, reply, done, () => chain(this.policyOf(request), passes), passed => {
      request.cors = undefined
      end(reply, done, passed ? undefined : originNotAllowed(request.raw.headers.origin))
    })
  }

  /** What is only to be explained ends here, before any handler. */
  private unlessDryRun (request: FastifyRequest, reply: FastifyReply, done: Done): Done {
    if (!isDryRun(request.raw.headers)) return done
    return error => {
      if (error === undefined) endDryRun(request, reply, done)
      else done(error)
    }
  }

  private grant (request: FastifyRequest, reply: FastifyReply, done: Done, objects: boolean): void {
    const { origin } = request.raw.headers
    const policy = this.registration.delegates || !this.application.complete || this.enforcesApart ? null : this.routePolicyOf(request)
    if (policy !== null && (origin === undefined || policy.origins.ask === null)) {
      const decision = this.write(policy, request, reply, origin !== undefined && policy.origins.match(origin))
      end(reply, done, objects ? this.objection(policy, request, decision) : undefined)
      return
    }
    const judge = (policy: Policy): { policy: Policy, allowed: boolean } | Promise<{ policy: Policy, allowed: boolean }> =>
      chain(this.allows(policy, request), allowed => ({ policy, allowed }))
    this.settle(request, reply, done, () => chain(this.policyOf(request), judge), ({ policy, allowed }) => {
      const decision = this.write(policy, request, reply, allowed)
      end(reply, done, objects ? this.objection(policy, request, decision) : undefined)
    })
  }

  /** Writes what a policy grants a request that is no preflight. */
  private write (policy: Policy, request: FastifyRequest, reply: FastifyReply, allowed: boolean): CorsDecision {
    const { origin } = request.raw.headers
    if (policy.enabled) writeActual(this.headerGuard, reply, policy, allowed && origin !== undefined ? origin : null)
    else if (this.delegates(request)) this.headerGuard.addVary(reply, 'Origin')
    const decision = this.decisionOf(policy, request, allowed)
    this.conclude(request, decision)
    return decision
  }

  /** What keeps a request from its handler, though it has been decided. */
  private objection (policy: Policy, request: FastifyRequest, { kind, allowed }: CorsDecision): Error | undefined {
    if (!allowed && enforces(policy, request) && (kind === 'actual' || isForeignRequest(request))) {
      return originNotAllowed(request.raw.headers.origin)
    }
    const strict = request.raw.method === 'OPTIONS' && policy.enabled && policy.options.strictPreflight === true
    return strict ? invalidPreflight() : undefined
  }

  private answer (announced: PreflightRequest, request: FastifyRequest, reply: FastifyReply, done: Done): void {
    const target = this.targetOf(request)
    if (target === null) {
      this.leaveAlone(request, done)
      return
    }
    const answerOf = (candidate: Candidate): Outcome | Promise<Outcome> => chain(
      this.policyOfCandidate(candidate, request),
      policy => chain(askOrigin(policy.origins, announced.origin, request, candidate.registration.instance), allowed => ({
        policy, answer: answerPreflight(policy, announced, allowed, target.policiesDiffer)
      }))
    )
    this.settle(request, reply, done, () => forEach(target.candidates, answerOf), outcomes => {
      if (outcomes.some(({ policy }) => leavesPreflightsAlone(policy))) {
        this.headerGuard.addVary(reply, 'Origin')
        this.leaveAlone(request, done)
        return
      }
      const least = leastOf(outcomes.map(({ answer }) => answer))
      writePreflight(this.headerGuard, reply, least.headers)
      this.concludeOnceAsked(request, least)
      if (outcomes.some(({ policy }) => policy.preflights.answeredBy === 'application-with-headers')) done()
      else this.send(least, reply, announced)
    })
  }

  /** Nothing is added or removed: for this request, it is as if there were no plugin. */
  private leaveAlone (request: FastifyRequest, done: Done): void {
    this.conclude(request, { kind: 'preflight', origin: String(request.raw.headers.origin), allowed: false, reason: 'cors-off' })
    done()
  }

  private decisionOf (policy: Policy, request: FastifyRequest, allowed: boolean): CorsDecision {
    const { origin } = request.raw.headers
    return origin === undefined ? decideWithoutOrigin(policy) : decideActual(policy, origin, allowed, kindOf(request))
  }

  /**
   * Whether it can be told later, too, if a request comes from a page of the server's own: not where it takes the
   * connection, which may have gone by then, and not for subscribers.
   */
  private canWait (request: FastifyRequest): boolean {
    return !decisions.hasSubscribers && request.raw.httpVersionMajor === 1 && !this.application.trustsProxy(request)
  }

  private conclude (request: FastifyRequest, decision: CorsDecision): void {
    request.cors = decision
    if (decisions.hasSubscribers) decisions.publish({ request, decision })
  }

  private concludeOnceAsked (request: FastifyRequest, answer: PreflightAnswer): void {
    if (decisions.hasSubscribers) this.conclude(request, answer.decide())
    else leaveOpen(request, new OpenPreflight(answer))
  }

  /**
   * Goes on once something is known, at once where nothing has to be waited for. While it has, nobody is allowed; where
   * it fails, the error goes to the error handler (A15).
   */
  private settle<T> (request: FastifyRequest, reply: FastifyReply, done: Done, attempt: () => T | Promise<T>, then: (value: T) => void): void {
    const fail = (decision: CorsDecision, error: unknown): void => {
      writeNothing(this.headerGuard, reply)
      this.conclude(request, { ...decision, reason: 'function-failed' })
      end(reply, done, toError(error))
    }
    let value
    try {
      value = attempt()
    } catch (error) {
      fail(this.pending(request), error)
      return
    }
    if (!(value instanceof Promise)) {
      then(value)
      return
    }
    const pending = this.pending(request)
    request.cors = pending
    this.headerGuard.addVary(reply, 'Origin')
    value.then(settled => reply.sent ? done() : then(settled), (error: unknown) => { fail(pending, error) })
  }

  /** What is decided about a request as long as a function is asked. */
  private pending (request: FastifyRequest): CorsDecision {
    const { origin = null } = request.raw.headers
    return { kind: origin === null ? 'none' : kindOf(request), origin, allowed: false, reason: 'function-pending' }
  }

  private allows ({ origins }: Policy, request: FastifyRequest): boolean | Promise<boolean> {
    const { origin } = request.raw.headers
    return origin !== undefined && askOrigin(origins, origin, request, this.registration.instance)
  }

  /** Who answers a preflight, and with what; `null` where the application is left to itself. */
  private targetOf (request: FastifyRequest): PreflightTarget | null {
    const target = this.application.targets.of(request.raw)
    // Where the announced request would reach no route, the policy of the context that says so lets the page read it (S5).
    return target === 'no-route' ? this.application.targets.ofNoRoute(this.registration, request.raw) : target
  }

  private policyOfCandidate ({ registration, override, policy }: Candidate, request: FastifyRequest): Policy | Promise<Policy> {
    return registration.delegates && override !== false ? registration.delegate(request, override, () => 'the announced request') : policy
  }

  private policyOf (request: FastifyRequest): Policy | Promise<Policy> {
    const { registration } = this
    const enforced = this.enforced.get(request)
    if (enforced !== undefined) return enforced
    if (!this.delegates(request)) return this.routePolicyOf(request)
    const { config: { cors }, method, url } = request.routeOptions
    return registration.delegate(request, cors, () => placeOf(method, url))
  }

  /** Whether a delegator has a say: not where CORS is off already. */
  private delegates (request: FastifyRequest): boolean {
    const { registration } = this
    return registration.delegates && request.routeOptions.config.cors !== false && registration.covers(request.raw.url)
  }

  /** The policy of the request's own route, but for what a delegator may have to say. */
  private routePolicyOf (request: FastifyRequest): Policy {
    const { application, registration } = this
    if (application.complete && registration.hasOnePolicy) return registration.policy
    const { config: { cors }, method, url } = request.routeOptions
    if (!registration.covers(request.raw.url)) return registration.policyOutsideUrls(cors, placeOf(method, url))
    const known = registration.knownPolicyOf(cors)
    if (known !== undefined) return known
    const place = placeOf(method, url)
    this.warnings.overrideUnseen(request, place)
    return registration.policyOf(cors, place)
  }
}

/** Ends a hook. With an error, the request ends too, and with it the connection of an upgrade. */
function end (reply: FastifyReply, done: Done, error: Error | undefined): void {
  if (error !== undefined) closeUpgrade(reply)
  done(error)
}

interface Outcome {
  readonly policy: Policy
  readonly answer: PreflightAnswer
}

/** A route, as errors name it; not-found handlers have no URL. */
function placeOf (method: string | string[], url = ''): string {
  return url === '' ? 'a URL without a route' : `${[method].flat().join(', ')} ${url}`
}
