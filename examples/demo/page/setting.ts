import { signal } from '@preact/signals'
import { FeedReader } from '../../../lib/inspector/page/parts/feed.js'
import type { CorsPolicyJson } from '../../../lib/options/schema.js'

/** What the page is told by its server. */
export interface Setting {
  readonly api: string
  /** The origin that the policy lists at first. */
  readonly listed: string
  readonly first: CorsPolicyJson
  readonly policy: CorsPolicyJson
}

export const setting = signal<Setting | null>(null)

export async function load (): Promise<Setting> {
  const response = await fetch('/setting')
  return setting.value = await response.json() as Setting
}

/** What the inspector sees of the calls. */
export const feed = new FeedReader('/events')
