import { Code, Copy, Text } from '../../../lib/inspector/page/parts/code.js'
import { Icon } from '../../../lib/inspector/page/parts/icon.js'
import { Said } from '../../../lib/inspector/page/parts/said.js'
import { Way } from '../../../lib/inspector/page/parts/way.js'
import { make, makeAll, samples, type Outcome, type Sample } from './calls.js'
import { fresh, LISTS, write } from './policy.js'
import { setting } from './setting.js'
import type { CorsRemedy } from '../../../lib/browser/index.js'

function hasCalled (): boolean {
  return samples.some(({ outcome }) => outcome.value !== null)
}

export function CallAll ({ main = false }: { main?: boolean }) {
  return <button class={main && !hasCalled() ? 'btn main' : 'btn'} type='button' onClick={() => { makeAll().catch(() => {}) }}>{hasCalled() ? 'Call all again' : 'Call all'}</button>
}

/** The calls that the page can make, and what came of them. */
export function Calls () {
  return (
    <section aria-labelledby='calls'>
      <div class='h'><h2 id='calls'>The calls</h2><CallAll main /></div>
      <p class='ask quiet'>{hasCalled() ? 'Open a call to see what page and server said to each other.' : `${NUMBERS[samples.length]} calls. Which of them will the browser let through? Guess first, then call.`}</p>
      <ol class='calls'>{samples.map(sample => <Item key={sample.method + sample.path} sample={sample} />)}</ol>
      <div class='after'>
        <p>A script is told nothing but “Failed to fetch”. The reason stands in your browser’s console (F12), and in <a href={`${setting.value?.api ?? ''}/_cors`}>the inspector</a>, which shows these calls as they happen.</p>
      </div>
    </section>
  )
}

const NUMBERS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six']

function Item ({ sample }: { sample: Sample }) {
  const { method, path, about, withCookies, outcome, isOpen } = sample
  const callIt = async (): Promise<void> => {
    await make(sample)
    isOpen.value = true
  }
  return (
    <li class='call'>
      <button class='btn' type='button' onClick={() => { callIt().catch(() => {}) }}>Call<span class='vh'> {method} {path}{withCookies ? ' with cookies' : ''}</span></button>
      <details open={isOpen.value} onToggle={event => { isOpen.value = event.currentTarget.open }}>
        <summary>
          <Icon name='go' />
          <span class='m'><i>{method}</i> {path}{withCookies && <span class='quiet'> with cookies</span>}</span>
          <span class='d'>{about}</span>
          {outcome.value !== null && <Line outcome={outcome.value} />}
        </summary>
        {outcome.value === null
          ? <p class='body quiet'>Not called yet. Press Call, and what page and server said to each other stands here.</p>
          : <Body sample={sample} outcome={outcome.value} />}
      </details>
    </li>
  )
}

function Line ({ outcome: { isAllowed, told, seen } }: { outcome: Outcome }) {
  if (seen === null) return <span class='o blocked'><Icon name='blocked' /><span class='v'>No answer</span>: is npm start still running?</span>
  const kind = isAllowed ? 'allowed' : 'blocked'
  return <span class={`o ${kind}`}><Icon name={kind} /><span class='v'>{isAllowed ? 'Allowed' : 'Blocked'}</span>: {isAllowed ? told : seen.telling.short}</span>
}

function Body ({ sample, outcome: { isAllowed, told, seen } }: { sample: Sample, outcome: Outcome }) {
  if (seen === null) return <p class='body quiet'>The script was told: {told}</p>
  const { call, telling, judgement } = seen
  const why = isAllowed ? [] : sample.elsewhere === null ? telling.first?.paragraphs ?? [] : [sample.elsewhere.why]
  return (
    <div class='body'>
      <Way stations={telling.stations} kind={telling.kind} />
      {why.map(paragraph => <p class='why' key={paragraph}><Text>{paragraph}</Text></p>)}
      <Said call={call} mark={telling.mark} kind={telling.kind} />
      {!isAllowed && (sample.elsewhere === null
        ? judgement.remedy !== null && <ToWrite remedy={judgement.remedy} reason={String(judgement.reason)} sample={sample} />
        : <Elsewhere where={sample.elsewhere.where} code={sample.elsewhere.code(location.origin)} />)}
    </div>
  )
}

/** Which option a failure is about. */
function optionOf (reason: string): 'origin' | 'methods' | 'allowedHeaders' | 'credentials' {
  if (/Method/.test(reason)) return 'methods'
  if (/Credentials/.test(reason)) return 'credentials'
  return /^(?:HeaderDis|InvalidAllowHeaders)/.test(reason) ? 'allowedHeaders' : 'origin'
}

function ToWrite ({ remedy: { options }, reason, sample }: { remedy: CorsRemedy, reason: string, sample: Sample }) {
  const name = optionOf(reason)
  const value = options[name]
  const items = [value].flat().map(item => `'${String(item)}'`)
  const text = LISTS.has(name) || name === 'allowedHeaders' ? `${name}: [${items.join(', ')}]` : `${name}: ${String(value)}`
  const apply = async (): Promise<void> => {
    await write({ options }, `${sample.method} ${sample.path} goes through now.`)
    await make(sample)
    sample.isOpen.value = true
    // To what has been written.
    if (fresh.value.size > 0) document.querySelector<HTMLElement>('.new :is(input, select)')?.focus()
  }
  return (
    <section>
      <h3>The line to write</h3>
      <div class='codebox'>
        <header>
          <b>in the policy of the API</b>
          <Copy text={text} what='the line' />
          <button class='btn main' type='button' onClick={() => { apply().catch(() => {}) }}>Write it for me</button>
        </header>
        <Code text={text} isMarked={() => true} />
      </div>
    </section>
  )
}

function Elsewhere ({ where, code }: { where: string, code: string }) {
  return (
    <section>
      <h3>The line to write</h3>
      <div class='codebox'>
        <header><b>{where}</b><Copy text={code} what='the line' /></header>
        <Code text={code} isMarked={line => /origin|get\(/.test(line)} />
      </div>
    </section>
  )
}
