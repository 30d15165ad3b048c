import { signal } from '@preact/signals'
import { useId, useRef } from 'preact/hooks'
import { Detail } from './detail.js'
import { announce } from './parts/announce.js'
import { Icon } from './parts/icon.js'
import { tell } from './parts/telling.js'
import { at, feed, type Told } from './state.js'
import { Steps } from './steps.js'
import { change, fields, type Fields } from './trial.js'
import type { Trial, TrialResult } from '../wire.js'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

type Field = 'origin' | 'url' | 'headers'

const problems = signal<Partial<Record<Field, string>>>({})
/** The reason why the server refuses the trial. */
const refused = signal<string | null>(null)
const result = signal<{ told: Told, because: readonly string[] } | null>(null)
/** The verdict is about the call before, since this one has mistakes. */
const isBefore = signal(false)

/** The mistakes by field, with the text to write instead. */
function check ({ origin, url, headers }: Fields): Partial<Record<Field, string>> {
  const found: Partial<Record<Field, string>> = {}
  const meant = URL.canParse(origin) ? new URL(origin).origin : null
  if (origin !== 'null' && meant !== origin) {
    if (meant === null) found.origin = 'An origin has a scheme and a host: `http://localhost:5173`'
    else if (meant !== 'null') found.origin = `An origin as browsers send it: \`${meant}\``
  }
  if (!url.startsWith('/') && !/^https?:\/\//.test(url)) found.url = `A path begins with a slash: \`/${url}\``
  const wrong = headers.find(([name]) => name !== '' && !/^[!#$%&'*+.^`|~\w-]+$/.test(name))
  if (wrong !== undefined) found.headers = `A header name has no spaces and no colon: \`${wrong[0].replace(/[^\w-]+/g, '-')}\``
  return found
}

async function submit (form: HTMLFormElement): Promise<void> {
  const given = fields.value
  problems.value = check(given)
  isBefore.value = Object.keys(problems.value).length > 0
  if (isBefore.value) {
    requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
    return
  }
  const trial: Trial = {
    origin: given.origin,
    method: given.method,
    url: given.url,
    headers: Object.fromEntries(given.headers.filter(([name]) => name !== '')),
    credentials: given.withCookies ? 'include' : 'same-origin'
  }
  const response = await fetch(at('explain'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(trial)
  })
  const answer = await response.json() as TrialResult | { message: string }
  isBefore.value = 'message' in answer
  refused.value = 'message' in answer ? answer.message : null
  if ('message' in answer) return
  const { call, preflightBecause } = answer
  const telling = tell(call)
  result.value = { told: { call, telling }, because: preflightBecause }
  announce(`${telling.kind === 'blocked' ? 'Blocked' : 'Allowed'}: ${telling.headline}`)
}

/** A form for a call, which the server judges as a browser would. */
export function TryIt () {
  const heading = useRef<HTMLHeadingElement>(null)
  return (
    <section class='try' aria-label='Try it'>
      <Form />
      <div class='detail' role='region' aria-label='The verdict'>
        {isBefore.value && result.value !== null && <p class='before quiet'>The call before:</p>}
        {result.value === null
          ? <p class='quiet'>Write a call down, and see what a browser would do with it, step by step.</p>
          : <Detail told={result.value.told} heading={heading}><Steps told={result.value.told} because={result.value.because} /></Detail>}
      </div>
    </section>
  )
}

function Form () {
  const id = useId()
  const { origin, method, url, withCookies } = fields.value
  const isBeside = feed.hello.value?.mode !== 'in front of'
  return (
    <form
      aria-labelledby={`${id}-title`} noValidate onSubmit={event => {
        event.preventDefault()
        submit(event.currentTarget).catch(() => { refused.value = 'The server does not answer. Is it still running?' })
      }}
    >
      <h2 id={`${id}-title`}>Play the browser</h2>
      <div class='f'>
        <label for={`${id}-origin`}>The page’s origin</label>
        <input class='mono' id={`${id}-origin`} value={origin} spellcheck={false} autocomplete='off' {...validity('origin', id)} onInput={event => change({ origin: event.currentTarget.value })} />
        <Problem field='origin' id={id} />
      </div>
      <div class='f'>
        <span class='lab'>The call</span>
        <div class='two'>
          <label>
            <span class='vh'>Method</span>
            <select class='mono wide' value={method} onChange={event => change({ method: event.currentTarget.value })}>
              {[...new Set([...METHODS, method])].map(name => <option key={name} value={name}>{name}</option>)}
            </select>
          </label>
          <label><span class='vh'>Path or URL</span><input class='mono wide' value={url} spellcheck={false} autocomplete='off' {...validity('url', id)} onInput={event => change({ url: event.currentTarget.value })} /></label>
        </div>
        <Problem field='url' id={id} />
      </div>
      <Headers id={id} />
      <fieldset class='f radios'>
        <legend>Cookies</legend>
        <label><input type='radio' name='cookies' checked={!withCookies} onChange={() => change({ withCookies: false })} />As fetch() does it: none to other origins</label>
        <label><input type='radio' name='cookies' checked={withCookies} onChange={() => change({ withCookies: true })} /><span>Send them <code>credentials: 'include'</code></span></label>
      </fieldset>
      {refused.value !== null && <p class='err' role='alert'><Icon name='blocked' /><span>{refused.value}</span></p>}
      <p><button class='btn main' type='submit'>Show what a browser would do</button></p>
      <p class='quiet s'>{isBeside ? 'Only the preflight is really sent to your API. No handler runs.' : 'The call is really sent, as the page would send it.'}</p>
    </form>
  )
}

function Headers ({ id }: { id: string }) {
  const { headers } = fields.value
  const write = (index: number, header: readonly [string, string]): void => change({ headers: headers.with(index, header) })
  return (
    <fieldset class='f'>
      <legend>Headers the page sets</legend>
      {headers.map(([name, value], i) => (
        <div class='hrow' key={i}>
          <input class='mono' aria-label={`Header name ${i + 1}`} value={name} spellcheck={false} autocomplete='off' {...validity('headers', id)} onInput={event => write(i, [event.currentTarget.value, value])} />
          <input class='mono' aria-label={`Value of header ${i + 1}`} value={value} spellcheck={false} autocomplete='off' onInput={event => write(i, [name, event.currentTarget.value])} />
          <button class='btn' type='button' aria-label={`Remove ${name === '' ? `header ${i + 1}` : name}`} onClick={() => change({ headers: headers.toSpliced(i, 1) })}><Icon name='remove' /></button>
        </div>
      ))}
      <Problem field='headers' id={id} />
      <p><button class='btn bare' type='button' onClick={() => change({ headers: [...headers, ['', '']] })}><Icon name='add' />Add a header</button></p>
    </fieldset>
  )
}

function validity (field: Field, id: string): { 'aria-invalid'?: true, 'aria-describedby'?: string } {
  return problems.value[field] === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': `${id}-${field}-problem` }
}

function Problem ({ field, id }: { field: Field, id: string }) {
  const text = problems.value[field]
  if (text === undefined) return null
  const [before, code] = text.split('`')
  return <p class='err' id={`${id}-${field}-problem`}><Icon name='blocked' /><span>{before}<code>{code}</code></span></p>
}
