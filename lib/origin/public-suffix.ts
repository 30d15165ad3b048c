import { getPublicSuffix, parse } from 'tldts'

/** A place in the names of hosts. It has no states where every host begins. */
interface Place {
  readonly states: { readonly size: number }
}

/** The hosts that an expression allows, read from the end of their names. */
interface Hosts {
  readonly end: Place
  readonly areOpenEnded: boolean
  labelsAt (place: Place): {
    readonly named: ReadonlyArray<{ readonly name: string, readonly before: Place }>
    readonly beforeChosen: Place | null
  }
}

const OF_BOTH_SECTIONS = { allowPrivateDomains: true, extractHostname: false, detectIp: false }

/** Stands for the names that a rule with a `*` means; no rule names it itself. */
const ANY_NAME = 'any-name'

/** More than the longest rules of the list have, so that those before them can't be part of a suffix. */
const MOST_LABELS = 8

/**
 * Whether names below a host belong to anyone who registers one: it is a public suffix, or the names right below it are
 * (publicsuffix.org, both sections).
 */
export function isOpenToAnyone (host: string): boolean {
  return isPublicSuffix(host) || isPublicSuffix(`${ANY_NAME}.${host}`)
}

function isPublicSuffix (host: string): boolean {
  return getPublicSuffix(host, OF_BOTH_SECTIONS) === host && isListed(host)
}

/** Where no rule of the list matches, the last label counts as the suffix (publicsuffix.org, "Algorithm"). */
function isListed (suffix: string): boolean {
  if (suffix.includes('.')) return true
  const { isIcann, isPrivate } = parse(suffix, OF_BOTH_SECTIONS)
  return isIcann === true || isPrivate === true
}

/**
 * A host below which an expression allows names of anybody's choice, although they belong to anyone; `''` where it leaves
 * the end of the name to choice. `null` where there is none.
 *
 * @throws TooMuchWork
 */
export function openSuffixOf (hosts: Hosts): string | null {
  return hosts.areOpenEnded ? '' : openSuffixAt(hosts, hosts.end, [])
}

function openSuffixAt (hosts: Hosts, end: Place, labels: readonly string[]): string | null {
  const suffix = labels.join('.')
  const { named, beforeChosen } = hosts.labelsAt(end)
  if (beforeChosen !== null && (suffix === '' ? beforeChosen.states.size > 0 : isOpenToAnyone(suffix))) return suffix
  if (labels.length === MOST_LABELS) return null
  for (const { name, before } of named) {
    const found = before.states.size === 0 ? null : openSuffixAt(hosts, before, [name, ...labels])
    if (found !== null) return found
  }
  return null
}
