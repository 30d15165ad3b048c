import { computed, signal } from '@preact/signals'
import { setting } from './setting.js'
import type { CorsIssue } from '../../../lib/options/issue.js'
import type { CorsPolicyJson } from '../../../lib/options/schema.js'
import type { CorsRemedy } from '../../../lib/browser/index.js'

/** An option as it stands in the form. */
export interface Entry {
  /** Stays when the name changes. */
  readonly key: string
  readonly name: string
  readonly value: readonly string[] | string
}

/** The options that have their place in the form; others can be added by their names. */
export const LISTS: ReadonlySet<string> = new Set(['origin', 'methods'])
const FIXED: ReadonlySet<string> = new Set(['origin', 'methods', 'credentials'])

export function isFixed ({ name, key }: Entry): boolean {
  return FIXED.has(name) && key === name
}

export const entries = signal<readonly Entry[]>([])
export const issues = signal<readonly CorsIssue[]>([])
/** What the policy in force can do that the one before could not, and since when. */
export const written = signal<{ readonly at: number, readonly what: string } | null>(null)
/** The values that were written by the page, to be seen: `name` and value. */
export const fresh = signal<ReadonlySet<string>>(new Set())

export function show (policy: CorsPolicyJson): void {
  entries.value = Object.entries(policy).map(([name, value]) => ({ key: name, name, value: Array.isArray(value) ? value.map(String) : String(value) }))
}

/** Options as they would be written in code. */
const options = computed(() => Object.fromEntries(entries.value.filter(({ name }) => name !== '').map(({ name, value }) => [name, typeof value === 'string' ? typed(value) : value])))

function typed (text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^\d+$/.test(text) ? Number(text) : text
}

const PAUSE = 300
let timer: ReturnType<typeof setTimeout> | undefined

/** Checked when typing has paused. */
export function edit (changed: readonly Entry[]): void {
  entries.value = changed
  fresh.value = new Set()
  written.value = null
  clearTimeout(timer)
  timer = setTimeout(() => { put().catch(() => {}) }, PAUSE)
}

async function put (): Promise<void> {
  const response = await fetch('/policy', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(options.value)
  })
  const answer = await response.json() as { issues: readonly CorsIssue[] }
  issues.value = answer.issues
}

export async function reset (): Promise<void> {
  if (setting.value === null) return
  show(setting.value.first)
  fresh.value = new Set()
  written.value = null
  await put()
}

/** Adds what a call needs to what there is. */
export async function write ({ options: needed }: CorsRemedy, what: string): Promise<void> {
  const added = new Set<string>()
  const before = entries.value
  const merged = before.map((entry): Entry => {
    const wanted = new Map<string, string | string[] | boolean>(Object.entries(needed)).get(entry.name)
    if (wanted === undefined) return entry
    if (typeof entry.value === 'string') {
      if (entry.value !== String(wanted)) added.add(`${entry.name} ${String(wanted)}`)
      return { ...entry, value: String(wanted) }
    }
    // The safelisted methods need no listing, and are no part of what was missing.
    const missing = [wanted].flat().map(String).filter(item => !entry.value.includes(item) && !(entry.name === 'methods' && UNLISTED.has(item)))
    for (const item of missing) added.add(`${entry.name} ${item}`)
    return { ...entry, value: [...entry.value, ...missing] }
  })
  entries.value = merged
  await put()
  fresh.value = added
  written.value = { at: Date.now(), what }
}

/** Methods that pass in every browser, listed or not (Fetch, "CORS-safelisted method"). */
const UNLISTED: ReadonlySet<string> = new Set(['HEAD', 'POST'])

/** A fix that can be put in the place of what it is about; `null` for one that a person has to read. */
export function valueOf (fix: string): readonly string[] | null {
  try {
    const read: unknown = JSON.parse(`[${fix.replaceAll("'", '"')}]`)
    return Array.isArray(read) ? read.flat().map(String) : null
  } catch {
    return /^\w+$/.test(fix) ? [fix] : null
  }
}

/** Writes a fix where its issue points: a list in the place of an item is spliced in, a bare name renames. */
export function mend ({ path, code }: CorsIssue, fix: readonly string[]): void {
  const [, name, index] = path.split('/')
  edit(entries.value.map((entry): Entry => {
    if (entry.name !== name) return entry
    if (code === 'unknown-option') return { ...entry, name: fix.join() }
    if (index === undefined || typeof entry.value === 'string') return { ...entry, value: typeof entry.value === 'string' ? fix.join(', ') : fix }
    return { ...entry, value: entry.value.toSpliced(Number(index), 1, ...fix) }
  }))
}
