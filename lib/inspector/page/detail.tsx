import { decidedBy, timeOf } from './parts/facts.js'
import { Fix } from './parts/fix.js'
import { Icon } from './parts/icon.js'
import { Said } from './parts/said.js'
import { tell, type Telling, WORDS } from './parts/telling.js'
import { Text } from './parts/code.js'
import { Way } from './parts/way.js'
import type { Told } from './state.js'
import type { Judgement } from '../wire.js'

/** A call in detail: the place where it stopped, the reason, the fix, the evidence, and the browser's words. */
export function Detail ({ told: { call, telling }, heading, children }: { told: Told, heading: preact.RefObject<HTMLHeadingElement | null>, children?: preact.ComponentChildren }) {
  const { kind, headline, stations, others, mark } = telling
  const { verdict } = call
  return (
    <article aria-label={headline}>
      <header>
        <p class={`verdict ${kind}`}><Icon name={kind} moves={kind === 'waiting'} />{WORDS[kind]}</p>
        <h2 tabIndex={-1} ref={heading}>{headline}</h2>
        <p class='facts'>
          <code>{call.method} {call.url}</code>
          <span>from <code>{call.origin}</code></span>
          {decidedBy(call) !== null && <span>decided by <code>{decidedBy(call)}</code></span>}
          <span>{timeOf(call.at)}</span>
        </p>
      </header>
      <Way stations={stations} kind={kind} />
      <First telling={telling} />
      {others.length > 0 && (
        <section>
          <h3>Also</h3>
          {others.map(note => <p key={note.code}><Text>{note.message}</Text> {note.fix !== null && <Text>{note.fix}</Text>}</p>)}
        </section>
      )}
      {children}
      {verdict !== null && (!verdict.allowed || verdict.remedy !== null) && <Fix call={call} judgement={verdict} />}
      <Said call={call} mark={mark} kind={kind} />
      {verdict !== null && <Words judgement={verdict} />}
      <WithCookies told={{ call, telling }} />
    </article>
  )
}

/** A server can't see whether a page would have sent cookies. */
function WithCookies ({ told: { call } }: { told: Told }) {
  const { withCredentials } = call
  if (withCredentials === null) return null
  const other = tell({ ...call, verdict: withCredentials, state: 'judged' })
  return (
    <section>
      <h3>With cookies</h3>
      <p>
        No cookie came, so this is judged as a call without. If the page says <code>credentials: 'include'</code>:
        {' '}<span class={other.kind}><span class='v'>{WORDS[other.kind]}</span></span>: {other.short}.
      </p>
    </section>
  )
}

/** The most important text about a call. */
function First ({ telling: { first, kind } }: { telling: Telling }) {
  if (first === null) return null
  return (
    <section class={`first ${kind}`}>
      <h3>{first.title}</h3>
      {first.paragraphs.map(paragraph => <p key={paragraph}><Text>{paragraph}</Text></p>)}
    </section>
  )
}

/** The lines that browsers print to their consoles, for people to recognise. */
function Words ({ judgement: { prints, reason } }: { judgement: Judgement }) {
  if (prints === null || reason === null) return null
  return (
    <section>
      <h3>In the browser’s words</h3>
      {prints.chromium !== null && <p>Chrome’s console says: <code>{prints.chromium}</code></p>}
      <details class='words'>
        <summary>In Firefox and Safari</summary>
        <dl>
          {prints.firefox !== null && <><dt>Firefox</dt><dd>{prints.firefox}</dd></>}
          {prints.webkit !== null && <><dt>Safari</dt><dd>{prints.webkit}</dd></>}
          <dt>Name</dt><dd>{reason}</dd>
          <dt>More</dt><dd>docs/errors.md#{reason.toLowerCase()}</dd>
        </dl>
      </details>
    </section>
  )
}
