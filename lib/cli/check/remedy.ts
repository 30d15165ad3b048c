import { didYouMean, wrongUsage } from '../command.js'
import { type CorsVerdict, type Framework, FRAMEWORKS, guessFramework, remedyFor, type RemedyOptions } from '../../browser/index.js'
import { registrationFor } from '../../browser/remedies/index.js'

/** A remedy in the words of a server. */
export interface WrittenRemedy {
  /** All that the request needs, as plain options. */
  readonly options: RemedyOptions
  readonly for: Framework
  /** The answer names it, and nobody else has. */
  readonly isGuess: boolean
  /** Complete, with a first comment that says where it goes. */
  readonly text: string
  /** The same for this project's plugin: the import, and the call in one line. */
  readonly registration: string
}

/**
 * Reads `--for`.
 *
 * @returns `null` where it is not given
 * @throws CommandError for a framework that no remedy can be written for
 */
export function readFramework (name: string | undefined): Framework | null {
  if (name === undefined) return null
  const known = FRAMEWORKS.find(framework => framework === name.toLowerCase())
  if (known === undefined) throw wrongUsage(`--for takes one of ${FRAMEWORKS.join(', ')}, not ${JSON.stringify(name)}${didYouMean(name, FRAMEWORKS)}`)
  return known
}

/** Writes the remedy of a verdict for a framework, or for the one that the answer names; `null` where there is none. */
export function writtenRemedy ({ remedy, exchanges }: CorsVerdict, framework: Framework | null): WrittenRemedy | null {
  if (remedy === null) return null
  const { options } = remedy
  const written = framework ?? guessFramework(exchanges.flatMap(({ response }) => response.headers))
  return {
    options,
    for: written,
    isGuess: framework === null && written !== 'headers',
    text: remedyFor(remedy, written),
    registration: registrationFor(remedy)
  }
}
