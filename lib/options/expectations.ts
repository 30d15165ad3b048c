import { isRegExp, quote } from '../text.js'
import type { CorsIssueCode } from './issue.js'
import { type CorsOptionName, EXCEPTIONS, HOOKS } from './schema.js'

interface NumberRange {
  readonly code: CorsIssueCode
  readonly least: number
  readonly most: number
}

/** What an option takes, for the person who gave it something else. */
export interface Expectation {
  readonly option: CorsOptionName
  /** Completes "has to be". */
  readonly words: string
  /** Of an option that can be a list: what its items are. */
  readonly items?: {
    readonly words: string
    readonly include: (item: unknown) => boolean
    readonly meant: (item: unknown) => string | null
  }
  /** Of a number: the code of whole numbers that are outside. */
  readonly range?: NumberRange
  /** What was probably meant by a value that is not taken, or an example. */
  readonly meant: (value: unknown) => string | null
}

const YES = new Set<unknown>(['true', 'yes', 'on', '1', 1, 'include', 'always', '*'])
const NO = new Set<unknown>(['false', 'no', 'off', '0', 0, null, '', 'omit', 'same-origin', 'never'])

function truth (option: CorsOptionName): Expectation {
  return {
    option,
    words: 'true or false',
    meant (value) {
      const word = typeof value === 'string' ? value.trim().toLowerCase() : value
      if (YES.has(word)) return 'true'
      return NO.has(word) ? 'false' : 'true or false'
    }
  }
}

function wholeNumber (option: CorsOptionName, words: string, example: number, range: NumberRange): Expectation {
  const { least, most } = range
  return {
    option,
    words,
    range,
    meant (value) {
      const number = typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value
      if (typeof number !== 'number' || Number.isNaN(number)) return String(example)
      return String(Math.min(most, Math.max(least, Math.trunc(number))))
    }
  }
}

function oneOf (option: CorsOptionName, choices: readonly string[], words: string): Expectation {
  return { option, words, meant: value => nearestChoice(choices, value) ?? words }
}

function nearestChoice (choices: readonly string[], value: unknown): string | null {
  const wanted = typeof value === 'string' ? plain(value) : ''
  const found = choices.find(choice => plain(choice) === wanted)
  return found === undefined ? null : quote(found)
}

function plain (text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '')
}

function nameList (option: CorsOptionName, example: string): Expectation {
  return {
    option,
    words: 'a list of texts, one text with commas, or \'*\'',
    items: { words: 'texts', include: item => typeof item === 'string', meant: () => null },
    meant (value) {
      if (value === null) return `leave ${option} out`
      return value === true ? '\'*\'' : example
    }
  }
}

const EXCEPTION_WORDS = EXCEPTIONS.map(exception => quote(exception)).join(', ')

/** One for every option. */
export const EXPECTATIONS: readonly Expectation[] = [
  {
    option: 'origin',
    words: 'an origin, a regular expression, a list of these, true, false or a function',
    items: {
      words: 'origins and regular expressions',
      include: item => typeof item === 'string' || isRegExp(item),
      meant: item => typeof item === 'boolean' ? String(item) : null
    },
    meant: () => '\'https://app.example.com\' for one origin, \'*\' for any, or false to switch CORS off'
  },
  nameList('methods', '[\'GET\', \'HEAD\', \'POST\', \'PUT\']'),
  nameList('allowedHeaders', '[\'Content-Type\', \'Authorization\']'),
  nameList('exposedHeaders', '[\'ETag\', \'Link\']'),
  truth('credentials'),
  wholeNumber('maxAge', 'a whole number of seconds from 0 to 86400, a day', 600, {
    code: 'max-age-out-of-range', least: 0, most: 86400
  }),
  {
    option: 'cacheControl',
    words: 'a whole number of seconds from 0, or the value of a Cache-Control header',
    meant: () => '\'public, max-age=600\''
  },
  wholeNumber('optionsSuccessStatus', 'a whole number from 200 to 299, because browsers take no other status for a preflight', 204, {
    code: 'status-out-of-range', least: 200, most: 299
  }),
  truth('preflight'),
  truth('preflightContinue'),
  truth('privateNetwork'),
  truth('timingAllowOrigin'),
  {
    option: 'enforce',
    words: 'false, \'unsafe\' or \'all\'',
    meant: value => nearestChoice(['unsafe', 'all'], value) ?? '\'unsafe\' or \'all\''
  },
  {
    option: 'dangerouslyAllow',
    words: `a list of ${EXCEPTION_WORDS}`,
    items: {
      words: EXCEPTION_WORDS,
      include: item => EXCEPTIONS.some(exception => exception === item),
      meant: item => nearestChoice(EXCEPTIONS, item)
    },
    meant (value) {
      const exception = nearestChoice(EXCEPTIONS, value)
      return exception === null ? '[]' : `[${exception}]`
    }
  },
  truth('strictPreflight'),
  truth('hideOptionsRoute'),
  {
    option: 'logLevel',
    words: 'the name of a log level',
    meant: () => '\'info\''
  },
  oneOf('hook', HOOKS, HOOKS.map(hook => quote(hook)).join(', ')),
  truth('audit'),
  {
    option: 'delegator',
    words: 'a function',
    meant: () => '(request) => ({ origin: \'https://app.example.com\' })'
  },
  {
    option: 'urls',
    words: 'a regular expression',
    meant: () => '/^\\/api\\//'
  }
]
