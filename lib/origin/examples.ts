import type { AST } from '@eslint-community/regexpp'
import { isLoopback } from './loopback.js'
import { parseOrigin } from './parse.js'
import { parseRegExp } from './regexp/parse.js'
import { readRegExp } from './regexp/read.js'

const MAX_EXAMPLES = 64
const MAX_REPETITIONS = 64

/** With one alternative that begins so, which is how most are written, there is nothing to be tried. */
const ONLY_ENCRYPTED = /^\^https:[^|]*$/

/** Tried in this order where an expression leaves the choice. */
const CHARACTERS = Array.from('abcdefghijklmnopqrstuvwxyz1234567890-.:/')

/**
 * An origin that an expression allows although its pages come unencrypted, and not from the machine itself.
 * Found by trying: there may be one where none is returned, but what is returned is matched for certain.
 *
 * @param regexp one that takes no time to speak of, as `originRegExpProblems` finds
 */
export function insecureExample (regexp: RegExp): string | null {
  const { source, flags } = readRegExp(regexp)
  if (ONLY_ENCRYPTED.test(source)) return null
  const pattern = parseRegExp({ source, flags })
  if (typeof pattern === 'string') return null
  const stateless = new RegExp(source, flags.replace(/[gy]/g, ''))
  const found = ofAlternatives(pattern.alternatives, stateless.flags).find(example => isInsecure(example) && stateless.test(example))
  return found ?? null
}

function isInsecure (value: string): boolean {
  const origin = parseOrigin(value)
  return origin?.scheme === 'http' && !isLoopback(origin.host)
}

function ofAlternatives (alternatives: readonly AST.Alternative[], flags: string): string[] {
  return alternatives.flatMap(({ elements }) => ofElements(elements, flags)).slice(0, MAX_EXAMPLES)
}

function ofElements (elements: readonly AST.Element[], flags: string): string[] {
  let examples = ['']
  for (const element of elements) {
    const endings = ofElement(element, flags)
    examples = examples.flatMap(example => endings.map(ending => example + ending)).slice(0, MAX_EXAMPLES)
  }
  return examples
}

/** The shortest texts, more or less, that one element matches. */
function ofElement (element: AST.Element, flags: string): string[] {
  switch (element.type) {
    case 'Character':
      return [String.fromCodePoint(element.value)]
    case 'Group':
    case 'CapturingGroup':
      return ofAlternatives(element.alternatives, flags)
    case 'Quantifier':
      return ofElement(element.element, flags).map(example => example.repeat(Math.min(element.min, MAX_REPETITIONS)))
    case 'Assertion':
    case 'Backreference':
      return ['']
    default: {
      const one = new RegExp(`^${element.raw}$`, flags)
      const example = CHARACTERS.find(character => one.test(character))
      return example === undefined ? [] : [example]
    }
  }
}
