import type { FastifyReply, FastifyRequest } from 'fastify'
import { askOrigin } from './ask-origin.js'
import { conclude } from './decided.js'
import type { PreflightRequest } from '../http/preflight.js'
import type { Policy } from '../policy/policy.js'
import { answerPreflight, leastOf, type PreflightAnswer } from '../policy/preflight.js'
import type { HeaderGuard } from '../reply/header-guard.js'
import { sendPreflightAnswer, writePreflight } from '../reply/write.js'
import { type Candidate, leavesPreflightsAlone, type PreflightTarget, type PreflightTargets } from '../scope/preflight-target.js'
import type { Registration } from '../scope/registration.js'
import { chain, forEach } from '../thenable.js'
import { closeUpgrade } from './upgrade.js'
import { type Done, whenKnown } from './when-known.js'

/** What one of the routes that a preflight may announce a request to makes of it. */
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

  /** Whether the application is left to itself with a preflight. */
  isLeftAlone (request: FastifyRequest): boolean {
    return this.targetOf(request) === null
  }

  /** @param announced - the headers of the request */
  answer (announced: PreflightRequest, request: FastifyRequest, reply: FastifyReply, done: Done): void {
    const target = this.targetOf(request)
    if (target === null) {
      this.leaveAlone(request, done)
      return
    }
    const { candidates, policiesDiffer } = target
    const outcomeOf = ({ policy }: Pick<Candidate, 'policy'>, allowed: boolean): Outcome => ({ policy, answer: answerPreflight(policy, announced, allowed, policiesDiffer) })
    const [only] = candidates
    // Most URLs have one policy, and nobody to ask.
    if (candidates.length === 1 && only.delegate === null && only.policy.origins.ask === null) {
      this.send([outcomeOf(only, only.policy.origins.match(announced.origin))], announced, request, reply, done)
      return
    }
    const ask = (candidate: Candidate): Outcome | Promise<Outcome> => chain(policyOf(candidate, request), policy =>
      chain(askOrigin(policy.origins, announced.origin, request, candidate.registration.instance), allowed => outcomeOf({ policy }, allowed)))
    whenKnown(this.guard, reply, done, () => forEach(candidates, ask), outcomes => { this.send(outcomes, announced, request, reply, done) })
  }

  private send (outcomes: readonly Outcome[], announced: PreflightRequest, request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (outcomes.some(({ policy }) => leavesPreflightsAlone(policy))) {
      // That a delegator chose so may be due to the origin.
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
    closeUpgrade(reply)
    sendPreflightAnswer(this.guard, reply, headers, announced.origin)
  }

  /** Nothing is added or removed: for this request, it is as if there were no plugin. */
  leaveAlone (request: FastifyRequest, done: Done): void {
    conclude(request, { kind: 'preflight', origin: String(request.raw.headers.origin), allowed: false, reason: 'cors-off' })
    done()
  }

  /** Whose routes a preflight is for; `null` where the application is left to itself. */
  private targetOf (request: FastifyRequest): PreflightTarget | null {
    const target = this.targets.of(request.raw)
    return target === 'no-route' ? this.targets.ofNoRoute(this.registration, request.raw) : target
  }
}

function policyOf ({ delegate, override, policy }: Candidate, request: FastifyRequest): Policy | Promise<Policy> {
  return delegate === null ? policy : delegate(request, override, () => 'the announced request')
}
