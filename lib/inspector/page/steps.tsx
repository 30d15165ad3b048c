import { Icon } from './parts/icon.js'
import { Deciding } from './parts/said.js'
import { statusText } from './parts/status.js'
import type { Told } from './state.js'
import type { Call } from '../wire.js'

type Outcome = 'yes' | 'no' | 'unreached'

interface Step {
  readonly question: string
  readonly answer: string
  readonly outcome: Outcome
}

/** The verdict step by step, as questions and answers. */
export function Steps ({ told: { call, telling: { mark, kind } }, because }: { told: Told, because: readonly string[] }) {
  return (
    <section>
      <h3>Step by step</h3>
      <ol class='steps'>
        {stepsOf(call, because).map(({ question, answer, outcome }, i) => (
          <li key={i} class={outcome === 'no' ? 'blocked' : outcome === 'unreached' ? 'no' : undefined}>
            <Icon name={outcome === 'no' ? 'blocked' : outcome === 'unreached' ? 'never' : 'allowed'} />
            <div>
              <p><b>{question}</b> {outcome === 'no' ? <span class='v'>{answer}</span> : answer}</p>
              {outcome === 'no' && mark !== null && <Deciding call={call} mark={mark} kind={kind} />}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

function stepsOf (call: Call, because: readonly string[]): Step[] {
  const { origin, url, method, verdict, redirects, preflight, actual } = call
  const target = new URL(url).origin
  if (target === origin && redirects.length === 0) return [{ question: 'Another origin?', answer: 'No. The page calls its own origin, where CORS has no say.', outcome: 'yes' }]
  const reason = verdict?.reason ?? null
  const isStopped = verdict?.preflight === 'failed'
  const steps: Step[] = [
    { question: 'Another origin?', answer: target === origin ? 'Not at first.' : `Yes: ${target} is not ${origin}, so CORS counts.`, outcome: 'yes' },
    {
      question: 'Does the browser ask first?',
      answer: because.length === 0 ? 'No. A form could send this, too.' : `Yes: ${because.join('; ')}.`,
      outcome: 'yes'
    },
    ...redirects.map((hop, i): Step => {
      const status = hop.actual?.response?.status ?? 0
      const next = (redirects[i + 1]?.actual ?? preflight ?? actual)?.url
      return { question: 'Where does the answer lead?', answer: `${hop.actual?.url} answers ${status} ${statusText(status)}, and leads to ${next}.`, outcome: 'yes' }
    })
  ]
  if (preflight !== null) {
    const at = isStopped ? PREFLIGHT_STEPS.findIndex(({ reasons }) => reasons.test(String(reason))) : PREFLIGHT_STEPS.length
    steps.push(...PREFLIGHT_STEPS.map(({ question, no }, i): Step => i < at
      ? { question: question(method), answer: 'Yes.', outcome: 'yes' }
      : i === at
        ? { question: question(method), answer: no(method, verdict?.parameter ?? ''), outcome: 'no' }
        : { question: question(method), answer: 'Not reached.', outcome: 'unreached' }))
  }
  const last = 'Is the request sent, and its answer readable?'
  if (isStopped) return [...steps, { question: last, answer: 'Not reached.', outcome: 'unreached' }]
  return [...steps, verdict?.allowed === true
    ? { question: last, answer: 'Yes.', outcome: 'yes' }
    : { question: last, answer: actual === null ? 'No: the browser does not send it.' : 'It is sent, but the script may not read the answer.', outcome: 'no' }]
}

/**
 * The questions about a preflight, in the order of step 7.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
const PREFLIGHT_STEPS = [
  { question: () => 'Does the preflight allow the origin?', reasons: /Origin|Credentials|Redirect/, no: () => 'No.' },
  { question: () => 'Is its status one of 200 to 299?', reasons: /Status/, no: () => 'No.' },
  { question: (method: string) => `Does it allow ${method}?`, reasons: /Method/, no: (method: string) => `No: ${method} is missing.` },
  { question: () => 'Does it allow the headers?', reasons: /Header/, no: (_method: string, name: string) => `No: ${name} is missing.` }
]
