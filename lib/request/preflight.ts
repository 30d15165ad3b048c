import type { FastifyReply, FastifyRequest } from 'fastify'
import { askOrigin, conclude, type Done, whenKnown } from './ask.js'
import type { PreflightRequest } from '../http/preflight.js'
import type { Policy } from '../policy/policy.js'
import { answerPreflight, leastOf, type PreflightAnswer } from '../policy/preflight.js'
import type { HeaderGuard } from '../reply/header-guard.js'
import { sendPreflightAnswer, writePreflight } from '../reply/write.js'
import { type Candidate, leavesPreflightsAlone, type PreflightTargets } from '../scope/preflight-target.js'
import type { Registration } from '../scope/registration.js'
import { chain, forEach } from '../thenable.js'

/** The answer to a preflight by one of the routes it may be for. */
interface Outcome {
  readonly policy: Policy
  readonly answer: PreflightAnswer
}

/** Answers preflights (A5, A6). */
export class Preflights {
  constructor (
    private readonly registration: Registration,
    private readonly targets: PreflightTargets,
    private readonly guard: HeaderGuard
  ) {}

  /** True if a preflight is left to the application. */
  isLeftAlone (request: FastifyRequest): boolean {
    return this.targets.reachedBy(request.raw, this.registration) === null
  }

  answer (preflight: PreflightRequest, request: FastifyRequest, reply: FastifyReply, done: Done): void {
    const target = this.targets.reachedBy(request.raw, this.registration)
    if (target === null) {
      this.leaveAlone(request, done)
      return
    }
    const { candidates, candidates: [first], policiesDiffer } = target
    const outcomeOf = (policy: Policy, allowed: boolean): Outcome => ({ policy, answer: answerPreflight(policy, preflight, allowed, policiesDiffer) })
    // Most URLs have one policy, and no function to ask: the general way takes a twentieth more time.
    if (candidates.length === 1 && first.delegate === null && first.policy.origins.ask === null) {
      this.send([outcomeOf(first.policy, first.policy.origins.match(preflight.origin))], preflight, request, reply, done)
      return
    }
    const ask = (candidate: Candidate): Outcome | Promise<Outcome> => chain(policyOf(candidate, request), policy =>
      chain(askOrigin(policy.origins, preflight.origin, request, candidate.registration.instance), allowed => outcomeOf(policy, allowed)))
    whenKnown(this.guard, reply, done, () => forEach(candidates, ask), outcomes => { this.send(outcomes, preflight, request, reply, done) })
  }

  private send (outcomes: readonly Outcome[], preflight: PreflightRequest, request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (outcomes.some(({ policy }) => leavesPreflightsAlone(policy))) {
      // The delegator's choice may depend on the origin.
      this.guard.addVary(reply, 'Origin')
      this.leaveAlone(request, done)
      return
    }
    const { headers, decision } = leastOf(outcomes.map(({ answer }) => answer))
    writePreflight(this.guard, reply, headers)
    conclude(request, decision)
    if (outcomes.some(({ policy }) => policy.preflights.answeredBy === 'application-with-headers')) {
      done()
      return
    }
    sendPreflightAnswer(this.guard, reply, headers, preflight.origin)
  }

  /** Adds and removes nothing, as if there were no plugin. */
  leaveAlone (request: FastifyRequest, done: Done): void {
    conclude(request, { kind: 'preflight', origin: String(request.raw.headers.origin), allowed: false, reason: 'cors-off' })
    done()
  }
}

function policyOf ({ delegate, override, policy }: Candidate, request: FastifyRequest): Policy | Promise<Policy> {
  return delegate === null ? policy : delegate(request, override, () => 'the announced request')
}
