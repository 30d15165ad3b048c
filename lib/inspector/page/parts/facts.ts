import type { Call } from '../../wire.js'

/** The source of the policy that decided a call, in short; `null` if it is not known. */
export function decidedBy ({ decider }: Call): string | null {
  if (decider === null) return null
  return decider.source === 'route' ? `route ${decider.route}` : `${decider.source === 'delegator' ? 'delegator of ' : ''}context ${decider.context}`
}

export function timeOf (at: number): string {
  return new Date(at).toLocaleTimeString('en-GB')
}

/** A URL without its origin. */
export function pathOf (url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}
