import { computed, effect, signal } from '@preact/signals'
import { announce } from './parts/announce.js'
import { FeedReader } from './parts/feed.js'
import { pathOf } from './parts/facts.js'
import { tell, type Kind, type Telling } from './parts/telling.js'
import type { PolicyTable } from '../../introspection/controller.js'
import type { Call } from '../wire.js'

/** The URL of the inspector: this script is in its `assets`. */
const base = new URL('..', import.meta.url)

/** A URL of the inspector's server. */
export function at (name: string): string {
  return new URL(name, base).href
}

export const feed = new FeedReader(at('events'))

/** A call, and the texts about it. */
export interface Told {
  readonly call: Call
  readonly telling: Telling
}

const tellings = new WeakMap<Call, Telling>()

function told (call: Call): Told {
  const telling = tellings.get(call) ?? tell(call)
  tellings.set(call, telling)
  return { call, telling }
}

/** The calls at the time of the pause; `null` unless the list is paused. */
const held = signal<readonly Call[] | null>(null)

export const isPaused = computed(() => held.value !== null)

/** The number of calls since the pause. */
export const heldBack = computed(() => {
  const known = new Set(held.value?.map(({ id }) => id))
  return held.value === null ? 0 : feed.calls.value.filter(({ id }) => !known.has(id)).length
})

export function pause (): void {
  held.value = feed.calls.value
}

export function goOn (): void {
  held.value = null
}

export const all = computed(() => (held.value ?? feed.calls.value).map(told))

export const filter = { route: signal(''), origin: signal(''), kind: signal<Kind | null>(null) }

export function showAll (): void {
  filter.route.value = ''
  filter.origin.value = ''
  filter.kind.value = null
}

/** The calls that pass all filters but the one of the verdict, which shows the number of each. */
export const matching = computed(() => all.value.filter(({ call: { method, url, origin } }) => {
  const { route, origin: wanted } = filter
  const text = `${method} ${pathOf(url)}`.toLowerCase()
  return text.includes(route.value.trim().toLowerCase()) && (wanted.value === '' || wanted.value === origin)
}))

export const shown = computed(() => matching.value.filter(({ telling: { kind } }) => filter.kind.value === null || kind === filter.kind.value))

export const origins = computed(() => [...new Set(all.value.map(({ call: { origin } }) => origin))].sort())

/** A person, not the page, has chosen a call: on a small screen, it is shown in place of the list. */
export const isOpen = signal(false)

/** The call in view. It stays, even when so many calls come that the list no longer has it. */
const chosen = signal<Told | null>(null)

/** The call whose details are shown: the chosen one, or the newest. */
export const selected = computed<Told | null>(() => {
  const [list, last] = [shown.value, chosen.value]
  if (last === null) return list[0] ?? null
  const isLast = ({ call: { id } }: Told): boolean => id === last.call.id
  return list.find(isLast) ?? (all.value.some(isLast) ? list[0] ?? null : last)
})

effect(() => { chosen.value = selected.value })

export function choose (told: Told): void {
  chosen.value = told
}

/** Undoes "Clear", as long as that is possible. */
export const undo = signal<(() => void) | null>(null)

const UNDO_LASTS = 5000

export function clear (): void {
  goOn()
  const restore = feed.clear()
  chosen.value = null
  const back = (): void => {
    restore()
    undo.value = null
  }
  undo.value = back
  setTimeout(() => { if (undo.value === back) undo.value = null }, UNDO_LASTS)
}

export const table = signal<PolicyTable | null>(null)

async function loadTable (): Promise<void> {
  const response = await fetch(at('routes'))
  if (response.ok) table.value = await response.json() as PolicyTable
}

// Another run of the server may have other routes.
effect(() => {
  if (feed.hello.value !== null) loadTable().catch(() => { table.value = null })
})

export type View = 'live' | 'policy' | 'try'

function viewOf (hash: string): View {
  return hash === '#policy' ? 'policy' : hash === '#try' ? 'try' : 'live'
}

const asked = signal(viewOf(location.hash))

/** The view in sight. In front of another server, there is no policy to show. */
export const view = computed(() => asked.value === 'policy' && feed.hello.value?.mode === 'in front of' ? 'live' : asked.value)

addEventListener('hashchange', () => {
  // The skip link leads to a place inside the view.
  if (location.hash !== '#main') asked.value = viewOf(location.hash)
})

const PACE_OF_WORDS = 3000
let told3s = 0

// Screen readers announce new calls together.
setInterval(() => {
  const { hello, calls } = feed
  if (hello.value === null) return
  const fresh = calls.value.filter(({ at: began }) => began > told3s)
  const blocked = fresh.filter(call => tell(call).kind === 'blocked').length
  if (told3s > 0 && fresh.length > 0) announce(`${fresh.length} new ${fresh.length === 1 ? 'call' : 'calls'}, ${blocked} blocked`)
  told3s = Math.max(told3s, 1, ...fresh.map(({ at: began }) => began))
}, PACE_OF_WORDS)
