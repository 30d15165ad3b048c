import { signal, type Signal } from '@preact/signals'
import { feed, setting } from './setting.js'
import { tell, type Telling } from '../../../lib/inspector/page/parts/telling.js'
import type { Call, Judgement } from '../../../lib/inspector/wire.js'

/** What came of a call: what the browser did, and what was seen on the wire. */
export interface Outcome {
  readonly isAllowed: boolean
  /** What a script is told. */
  readonly told: string
  /** `null` where nothing was seen: the API does not answer. */
  readonly seen: { readonly call: Call, readonly judgement: Judgement, readonly telling: Telling } | null
}

/** A call that the page can make. */
export interface Sample {
  readonly method: string
  readonly path: string
  readonly about: string
  readonly withCookies: boolean
  /** Where what would let it through is written, if not in the policy beside the calls. */
  readonly elsewhere: { readonly where: string, readonly code: (origin: string) => string, readonly why: string } | null
  readonly outcome: Signal<Outcome | null>
  readonly isOpen: Signal<boolean>
}

function sample (method: string, path: string, about: string, more: Partial<Pick<Sample, 'withCookies' | 'elsewhere'>> = {}): Sample {
  return { method, path, about, withCookies: false, elsewhere: null, outcome: signal(null), isOpen: signal(false), ...more }
}

export const samples: readonly Sample[] = [
  sample('GET', '/users', 'Read a list. The simplest call there is.'),
  sample('PUT', '/users/1', 'Change something. No form can send this, so the browser asks first.'),
  sample('DELETE', '/users/1', 'Delete something. What does the preflight say?'),
  sample('GET', '/me', 'Send the login cookie along.', { withCookies: true }),
  sample('GET', '/private', 'A route with CORS switched off.', {
    elsewhere: {
      where: 'in the route, if pages are meant to read it',
      code: () => "api.get('/private', …)",
      why: 'The route ran and answered. CORS does not keep a call from arriving: it keeps the answer from being read.'
    }
  }),
  sample('GET', '/admin/reports', 'A part of the API with a policy of its own.', {
    elsewhere: {
      where: 'in the registration under /admin',
      code: origin => `admin.register(corsPlugin, {\n  origin: ['https://admin.example', '${origin}']\n})`,
      why: 'Everything under `/admin` has its own registration. What stands in the policy beside these calls adds nothing there.'
    }
  })
]

/** A script can't set headers that it is not asked about, and needs none here but this. */
const BODY = { body: JSON.stringify({ name: 'Ada Lovelace' }), headers: { 'content-type': 'application/json' } }

/** Really makes the call, and looks up what was seen of it. */
export async function make (one: Sample): Promise<void> {
  const { method, path, withCookies } = one
  const api = setting.value?.api ?? ''
  const before = new Set(feed.calls.value.map(({ id }) => id))
  const { isAllowed, told } = await fetched(api + path, { method, ...method === 'PUT' ? BODY : {}, ...withCookies ? { credentials: 'include' } : {} })
  const call = await seen(method, api + path, before)
  const judgement = call === null ? null : (withCookies ? call.withCredentials : null) ?? call.verdict
  one.outcome.value = {
    isAllowed,
    told,
    seen: call === null || judgement === null ? null : { call, judgement, telling: tell({ ...call, verdict: judgement, state: 'judged' }) }
  }
}

export async function makeAll (): Promise<void> {
  for (const one of samples) await make(one)
}

async function fetched (url: string, init: RequestInit): Promise<Pick<Outcome, 'isAllowed' | 'told'>> {
  try {
    const response = await fetch(url, init)
    const text = await response.text()
    return { isAllowed: true, told: `${response.status}${text === '' ? '' : ` ${text}`}` }
  } catch (error) {
    return { isAllowed: false, told: String(error) }
  }
}

/** How long what was seen may take to come, in milliseconds, and how often to look for it. */
const PATIENCE = 2000
const STEP = 30

async function seen (method: string, url: string, before: ReadonlySet<string>): Promise<Call | null> {
  for (let waited = 0; waited < PATIENCE; waited += STEP) {
    const call = feed.calls.value.find(one => !before.has(one.id) && one.origin === location.origin && one.method === method && one.url === url)
    // A preflight that passes for calls without cookies still waits for its request.
    if (call !== undefined && (call.verdict !== null || call.withCredentials !== null)) return call
    await new Promise(resolve => setTimeout(resolve, STEP))
  }
  return null
}
