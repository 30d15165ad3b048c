import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest, LogLevel } from 'fastify'
import { isRegExp, quote } from '../text.js'
import type { CorsIssueCode } from './issue.js'
import { choice, either, FunctionType, list, RegExpType } from './schema-types.js'

/** Decides about one origin. `this` is the Fastify instance of the request's route. */
export type OriginFunction = (
  this: FastifyInstance, origin: string, request: FastifyRequest
) => boolean | Promise<boolean>

/** Chooses options for one request: over the registration's, under the route's own. */
type Delegator = (request: FastifyRequest) => RouteCorsOptions | Promise<RouteCorsOptions>

const OriginText = Type.String({ description: 'One origin, one pattern, or "*".' })

const whoMayCall =
  'Who may call: an origin as browsers send it, a pattern such as https://*.example.com or http://localhost:*, ' +
  '"*" for any origin, true to reflect any origin, false to switch CORS off, or a non-empty list of origins and patterns.'

/** `origin` as plain data. */
const plainOrigin = either([choice([true, false]), OriginText, list(OriginText, { minItems: 1 })], {
  description: whoMayCall
})

/** `origin` with all that code can give. */
const origin = either([
  choice([true, false]),
  OriginText,
  list(either([OriginText, RegExpType()]), { minItems: 1 }),
  RegExpType({ description: 'An expression for whole origins, anchored at both ends.' }),
  FunctionType<OriginFunction>({ description: '(origin, request) => boolean | Promise<boolean>' })
], {
  description: `${whoMayCall} Also a regular expression, alone or in a list, ` +
    'or a function (origin, request) => boolean | Promise<boolean>.'
})

function names (description: string, options: { default?: string[] } = {}) {
  return either([Type.String(), list(Type.String())], {
    ...options,
    description: `${description} A list, a comma-separated text, or "*".`
  })
}

/** The hooks of Fastify that can decide, in the order in which they run. */
const HOOKS = ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'] as const

/** What `dangerouslyAllow` can name. */
const EXCEPTIONS = [
  'null-origin', 'insecure-origins', 'public-suffixes', 'any-origin-with-credentials', 'unchecked-regexps'
] as const

/** A named exception to a safety rule. */
export type CorsException = typeof EXCEPTIONS[number]

/** Plain data that a registration, a route and a delegator may give. */
const plainProperties = {
  methods: names('Methods a page may use.', { default: ['GET', 'HEAD', 'POST'] }),
  allowedHeaders: names('Request headers a page may send; those it asks for, where this is not given.'),
  exposedHeaders: names('Response headers a page may read, beside those it always may.'),
  credentials: Type.Boolean({
    default: false,
    description: 'Whether a page may send cookies and HTTP authentication.'
  }),
  maxAge: Type.Integer({
    minimum: 0,
    maximum: 86400,
    description: 'How many seconds a browser may remember a preflight; 0: not at all.'
  }),
  cacheControl: either([Type.Integer({ minimum: 0 }), Type.String({ minLength: 1 })], {
    description: 'Cache-Control of preflight answers: the seconds of max-age, or the whole value.'
  }),
  optionsSuccessStatus: Type.Integer({
    minimum: 200,
    maximum: 299,
    default: 204,
    description: 'Status of a preflight that is answered.'
  }),
  preflight: Type.Boolean({
    default: true,
    description: 'Whether the plugin answers preflights; false leaves them to the application.'
  }),
  preflightContinue: Type.Boolean({
    default: false,
    description: 'Adds the preflight headers, then lets the application\'s own OPTIONS route answer.'
  }),
  privateNetwork: Type.Boolean({
    default: false,
    description: 'Answers Access-Control-Request-Private-Network, which older versions of Chromium send.'
  }),
  timingAllowOrigin: Type.Boolean({
    default: false,
    description: 'Sends Timing-Allow-Origin for allowed origins.'
  }),
  enforce: choice([false, 'unsafe', 'all'], {
    default: false,
    description: 'Refuses, with 403 and before the handler, what a browser would only have kept from being read: ' +
      'requests of other origins by unsafe methods, or by all of them.'
  }),
  dangerouslyAllow: list(
    choice(EXCEPTIONS),
    { default: [], description: 'Named exceptions to the safety rules.' }
  )
}

/** Plain data that only a registration may give: it is about the plugin, not about one route's policy. */
const plainRegistrationProperties = {
  strictPreflight: Type.Boolean({
    default: false,
    description: 'Answers 400 to an OPTIONS request that lacks Origin or Access-Control-Request-Method.'
  }),
  hideOptionsRoute: Type.Boolean({
    default: true,
    description: 'Keeps the OPTIONS routes of the plugin out of API documentation.'
  }),
  logLevel: Type.Unsafe<LogLevel>(Type.String({
    minLength: 1,
    description: 'Fastify log level of the OPTIONS routes of the plugin.'
  })),
  hook: choice(HOOKS, {
    default: 'onRequest',
    description: 'The hook that decides requests that are no preflights.'
  }),
  audit: Type.Boolean({
    default: true,
    description: 'Logs, once the server is ready, what in the route table will not work from a browser.'
  })
}

/** The options that a route (`config.cors`) and a delegator may give. */
export const RouteCorsOptionsSchema = Type.Partial(Type.Object({ origin, ...plainProperties }), {
  additionalProperties: false,
  description: 'The CORS options of one route.'
})

/** The options of the plugin. Types, validation, defaults and documentation derive from this schema. */
export const CorsOptionsSchema = Type.Partial(Type.Object({
  origin,
  ...plainProperties,
  ...plainRegistrationProperties,
  delegator: FunctionType<Delegator>({
    description: '(request) => options, or a promise of them: chosen per request, over those of the registration.'
  }),
  urls: RegExpType({ description: 'Only paths that match get CORS.' })
}), { additionalProperties: false, description: 'The options of fastify-cors-policy.' })

/**
 * The options as JSON: {@link CorsOptionsSchema} without regular expressions and functions. Usable as it is as a
 * Fastify body schema, with `@fastify/env`, or for policies kept in a database. What no schema can say is for
 * `parseCorsOptions` to check.
 */
export const CorsPolicySchema = Type.Partial(Type.Object({
  origin: plainOrigin,
  ...plainProperties,
  ...plainRegistrationProperties
}), { additionalProperties: false, description: 'A CORS policy as plain data.' })

/** Every key may also be `undefined`, which counts as absent; but for `logLevel`, of which Fastify's `register` says no. */
type OrUndefined<T> = { [K in keyof T]: K extends 'logLevel' ? T[K] : T[K] | undefined }

/** The options of the plugin. */
export type CorsOptions = OrUndefined<Static<typeof CorsOptionsSchema>>

/** The options of one route, in `config.cors`, and of a delegator's result. */
export type RouteCorsOptions = OrUndefined<Static<typeof RouteCorsOptionsSchema>>

/** A policy as plain data, as {@link CorsPolicySchema} describes it. */
export type CorsPolicyJson = Static<typeof CorsPolicySchema>

/** The name of an option. */
export type CorsOptionName = keyof CorsOptions

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
