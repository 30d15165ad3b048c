import { signal } from '@preact/signals'
import { pathOf } from './parts/facts.js'
import { feed } from './state.js'
import { namesIn } from '../../http/field-values.js'
import type { Call } from '../wire.js'

const KEY = 'fastify-cors-policy.trial'

/** A call as it is written down. */
export interface Fields {
  readonly origin: string
  readonly method: string
  readonly url: string
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly withCookies: boolean
}

const START: Fields = { origin: 'http://localhost:5173', method: 'GET', url: '/', headers: [], withCookies: false }

export const fields = signal<Fields>({ ...START, ...JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Fields> })

export function change (changed: Partial<Fields>): void {
  fields.value = { ...fields.value, ...changed }
  sessionStorage.setItem(KEY, JSON.stringify(fields.value))
}

/** Writes down a call that was seen, as far as it is known, and goes where it can be changed. */
export function retry ({ origin, method, url, preflight, actual, credentials }: Call): void {
  const valueIn = (exchange: Call['actual'], name: string): string => exchange?.request.find(([other]) => other === name)?.[1] ?? ''
  const announced = namesIn(valueIn(preflight, 'access-control-request-headers'))
  change({
    origin,
    method,
    url: new URL(url).origin === feed.hello.value?.api ? pathOf(url) : url,
    headers: announced.map(name => [name, valueIn(actual, name)]),
    withCookies: credentials === 'include'
  })
  location.hash = 'try'
}
