import type { AST } from '@eslint-community/regexpp'
import { isLoopback } from '../http/loopback.js'
import { MAX_ORIGIN_LENGTH, parseOrigin } from '../origin/parse.js'
import { charactersOf, charactersOfNode, meet, type Characters, type CharacterNode } from './automaton.js'
import { parseRegExp } from './parse.js'
import { readRegExp } from '../text.js'
import type { Work } from './budget.js'

/** Of more beginnings, not all are gone on with. */
const MAX_EXAMPLES = 64

/** As many turns as it takes to read the scheme letter by letter. */
const MAX_TURNS = 8

/** With one alternative that begins so, which is how most are written, there is nothing to be tried. */
const ONLY_ENCRYPTED = /^\^https:[^|]*$/

/** Tried in this order where an expression leaves the choice. */
const CHARACTERS = Array.from('abcdefghijklmnopqrstuvwxyz1234567890-.:/_[]!$%&\'()*+,;=~', setOf)

function setOf (character: string): { character: string, set: Characters } {
  return { character, set: charactersOf(character) }
}

const UNENCRYPTED = Array.from('http://', setOf)

/**
 * An origin that an expression allows although its pages come unencrypted, and not from the machine itself.
 * Found by trying: there may be one where none is returned, but what is returned is matched for certain.
 *
 * @param regexp one that takes no time to speak of, as `originRegExpProblems` finds
 * @throws TooMuchWork
 */
export function insecureExample (regexp: RegExp, work: Work): string | null {
  const { source, flags } = readRegExp(regexp)
  if (isOnlyEncrypted(source)) return null
  const pattern = parseRegExp({ source, flags }, work)
  if (typeof pattern === 'string') return null
  const stateless = new RegExp(source, flags.replace(/[gy]/g, ''))
  const examples = new Examples(flags.replace(/[^iuv]/g, ''), work).ofAlternatives(pattern.alternatives, [''])
  return examples.find(example => isInsecure(example) && stateless.test(example)) ?? null
}

/** Whether an expression says at its beginning that it allows no unencrypted origin. */
export function isOnlyEncrypted (source: string): boolean {
  return ONLY_ENCRYPTED.test(source)
}

function isInsecure (value: string): boolean {
  const origin = parseOrigin(value)
  return origin?.scheme === 'http' && !isLoopback(origin.host)
}

/** Whether an example has not come to the end of the scheme yet. */
function isInScheme (example: string): boolean {
  return example.length < UNENCRYPTED.length
}

/** Goes on with beginnings of unencrypted origins, in the shortest ways, more or less, in which an expression does. */
class Examples {
  readonly #flags: string
  readonly #work: Work

  /** @param flags those that say which characters are meant: `i`, and `u` or `v` */
  constructor (flags: string, work: Work) {
    this.#flags = flags
    this.#work = work
  }

  ofAlternatives (alternatives: readonly AST.Alternative[], beginnings: readonly string[]): readonly string[] {
    return alternatives.flatMap(({ elements }) => this.#ofElements(elements, beginnings)).slice(0, MAX_EXAMPLES)
  }

  #ofElements (elements: readonly AST.Element[], beginnings: readonly string[]): readonly string[] {
    let examples = beginnings
    for (const element of elements) {
      if (examples.length === 0) break
      examples = this.#ofElement(element, examples)
    }
    return examples
  }

  #ofElement (element: AST.Element, beginnings: readonly string[]): readonly string[] {
    this.#work.spend(beginnings.length)
    switch (element.type) {
      case 'Group':
      case 'CapturingGroup':
        return this.ofAlternatives(element.alternatives, beginnings)
      case 'Quantifier':
        return this.#ofQuantifier(element, beginnings)
      case 'Assertion':
      case 'Backreference':
        return beginnings
      default:
        return this.#ofCharacter(element, beginnings)
    }
  }

  /** No more turns than needed, but in the scheme, of which there is one only. */
  #ofQuantifier ({ element, min, max }: AST.Quantifier, beginnings: readonly string[]): readonly string[] {
    const most = Math.max(min, Math.min(max, MAX_TURNS))
    const examples: string[] = []
    let turned = beginnings
    for (let turn = 0; turn < most && turned.length > 0; turn++) {
      if (turn >= min) {
        examples.push(...turned)
        turned = turned.filter(isInScheme)
      }
      turned = this.#ofElement(element, turned)
    }
    return [...examples, ...turned].slice(0, MAX_EXAMPLES)
  }

  #ofCharacter (node: CharacterNode, beginnings: readonly string[]): readonly string[] {
    const characters = charactersOfNode(node, this.#flags)
    const first = CHARACTERS.find(({ set }) => meet(set, characters))
    return beginnings.flatMap(beginning => {
      const next = UNENCRYPTED[beginning.length] ?? first
      const possible = next !== undefined && meet(next.set, characters) && beginning.length < MAX_ORIGIN_LENGTH
      return possible ? [beginning + next.character] : []
    })
  }
}
