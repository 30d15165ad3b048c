import { type Static, Type } from '@sinclair/typebox'
import type { LogLevel } from 'fastify'
import { choice, defaultsOf, defaultTo, either, flag, FunctionType, list, option, RegExpType } from './schema-types.js'
import type { Delegator, OriginFunction } from './types.js'

export type { CorsOptionName, CorsOptions, OriginFunction, RouteCorsOptions } from './types.js'

// Each property says all there is to say about an option: its type, its default, its description, what messages say, and
// what other libraries call it. `npm run docs` writes the types for people, and the table of docs/options.md.

const OriginText = Type.String({ description: 'One origin, one pattern, or "*".' })

const whoMayCall =
  'Who may call: an origin as browsers send it, a pattern such as https://*.example.com or http://localhost:*, ' +
  '"*" for any origin, true to reflect any origin, false to switch CORS off, or a non-empty list of origins and patterns.'

const aboutOrigin = {
  words: 'an origin, a regular expression, a list of these, true, false or a function',
  items: 'origins and regular expressions',
  example: '\'https://app.example.com\' for one origin, \'*\' for any, or false to switch CORS off',
  aliases: [
    'origins', 'originlist', 'originwhitelist', 'whitelist', 'allowlist', 'domains', 'alloworigin', 'alloworigins', 'allowedorigin',
    'allowedorigins', 'allowallorigins', 'originallowall', 'allowanyorigin', 'alloworiginfunc', 'alloworiginrequestfunc',
    'alloworiginvarirequestfunc', 'trustedorigins', 'csrftrustedorigins', 'alloworiginregex', 'alloworiginregexes', 'allowedoriginregexes', 'alloworiginpatterns',
    'allowedoriginpatterns', 'allowedoriginspatterns', 'withorigins', 'setisoriginallowed', 'isoriginallowed', 'accesscontrolalloworigin'
  ]
}

/** `origin` as plain data. */
const plainOrigin = option(either([choice([true, false]), OriginText, list(OriginText, { minItems: 1 })], {
  description: whoMayCall
}), aboutOrigin)

/** `origin` as code can give it, with expressions and functions. */
const origin = option(either([
  choice([true, false]),
  OriginText,
  list(either([OriginText, RegExpType()]), { minItems: 1 }),
  RegExpType({ description: 'An expression for whole origins, anchored at both ends.' }),
  FunctionType<OriginFunction>({ title: 'OriginFunction', description: '(origin, request) => boolean | Promise<boolean>' })
], {
  description: `${whoMayCall} Also a regular expression, alone or in a list, ` +
    'or a function (origin, request) => boolean | Promise<boolean>.'
}), aboutOrigin)

/** A list of methods or of header names. */
function names (description: string, example: string, aliases: readonly string[]) {
  return option(either([Type.String(), list(Type.String())], {
    description: `${description} A list, a comma-separated text, or "*".`
  }), { words: 'a list of texts, one text with commas, or \'*\'', items: 'texts', example, aliases, meantByTrue: '\'*\'' })
}

/** The hooks of Fastify that can decide, in the order of their runs. */
const HOOKS = ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'] as const

/** The values of `dangerouslyAllow`. */
const EXCEPTIONS = [
  'null-origin', 'insecure-origins', 'public-suffixes', 'any-origin-with-credentials', 'unchecked-regexps'
] as const

/** A named exception to a safety rule. */
export type CorsException = typeof EXCEPTIONS[number]

function quoted (texts: readonly string[]): string {
  return texts.map(text => `'${text}'`).join(', ')
}

/** Options of registrations, routes and delegators, as plain data. */
const plainProperties = {
  methods: defaultTo(['GET', 'HEAD', 'POST'], names('Methods a page may use.', '[\'GET\', \'HEAD\', \'POST\', \'PUT\']', [
    'method', 'allowmethod', 'allowmethods', 'allowedmethod', 'allowedmethods', 'allowanymethod', 'withmethods', 'accesscontrolallowmethods'
  ])),
  allowedHeaders: names('Request headers a page may send; those it asks for, where this is not given.', '[\'Content-Type\', \'Authorization\']', [
    'headers', 'header', 'allowheader', 'allowheaders', 'allowedheader', 'allowanyheader', 'withheaders', 'additionalheaders', 'requestheaders',
    'accesscontrolallowheaders'
  ]),
  exposedHeaders: names('Response headers a page may read, beside those it always may.', '[\'ETag\', \'Link\']', [
    'expose', 'exposed', 'exposeheader', 'exposeheaders', 'exposedheader', 'exposeallheaders', 'additionalexposedheaders', 'withexposedheaders',
    'responseheaders', 'accesscontrolexposeheaders'
  ]),
  credentials: flag(false, 'Lets a page send cookies and HTTP authentication.', [
    'credential', 'credentialed', 'cookies', 'allowcredential', 'allowcredentials', 'allowscredentials', 'supportcredentials',
    'supportscredentials', 'withcredentials', 'usecredentials', 'accesscontrolallowcredentials'
  ]),
  maxAge: option(Type.Integer({
    minimum: 0,
    maximum: 86400,
    description: 'How many seconds a browser may remember a preflight; 0: not at all.'
  }), {
    words: 'a whole number of seconds from 0 to 86400, a day',
    example: '600',
    aliases: ['maxageseconds', 'maxageinseconds', 'preflightmaxage', 'setpreflightmaxage', 'accesscontrolmaxage', 'age'],
    outOfRange: 'max-age-out-of-range'
  }),
  cacheControl: option(either([Type.Integer({ minimum: 0 }), Type.String({ minLength: 1 })], {
    description: 'Cache-Control of preflight answers: the seconds of max-age, or the whole value.'
  }), {
    words: 'a whole number of seconds from 0, or the value of a Cache-Control header',
    example: '\'public, max-age=600\''
  }),
  optionsSuccessStatus: defaultTo(204, option(Type.Integer({
    minimum: 200,
    maximum: 299,
    description: 'Status of a preflight that is answered.'
  }), {
    words: 'a whole number from 200 to 299, because browsers take no other status for a preflight',
    aliases: ['optionsstatus', 'optionssuccessstatuscode', 'preflightstatus', 'preflightsuccessstatus', 'successstatus'],
    outOfRange: 'status-out-of-range'
  })),
  preflight: flag(true, 'Answers preflights; false leaves them to the application.'),
  preflightContinue: flag(false, 'Adds the preflight headers, then lets the application\'s own OPTIONS route answer.', [
    'optionspassthrough', 'passthrough'
  ]),
  privateNetwork: flag(false, 'Answers Access-Control-Request-Private-Network, which older versions of Chromium send.', [
    'allowprivatenetwork', 'allowprivatenetworks', 'allowprivatenetworkaccess', 'privatenetworkaccess'
  ]),
  timingAllowOrigin: flag(false, 'Sends Timing-Allow-Origin for allowed origins.', ['timingorigin', 'timingorigins']),
  enforce: defaultTo(false, option(choice([false, 'unsafe', 'all'], {
    description: 'Refuses, with 403 and before the handler, what a browser would only have kept from being read: ' +
      'requests of other origins by unsafe methods, or by all of them.'
  }), { words: 'false, \'unsafe\' or \'all\'', choices: ['unsafe', 'all'] })),
  dangerouslyAllow: defaultTo([], option(list(choice(EXCEPTIONS), {
    description: 'Named exceptions to the safety rules.'
  }), { words: `a list of ${quoted(EXCEPTIONS)}`, items: quoted(EXCEPTIONS), choices: EXCEPTIONS }))
}

/** Options of registrations that can't change once the server has started, as plain data. */
const plainBootProperties = {
  hideOptionsRoute: flag(true, 'Keeps the OPTIONS routes of the plugin out of API documentation.', ['hideoptions', 'hideoptionsroutes']),
  logLevel: option(Type.Unsafe<LogLevel>(Type.String({
    title: 'LogLevel',
    minLength: 1,
    description: 'Fastify log level of the OPTIONS routes of the plugin.'
  })), { words: 'the name of a log level', example: '\'info\'' }),
  hook: defaultTo('onRequest', option(choice(HOOKS, {
    description: 'The hook that decides requests that are no preflights.'
  }), { words: `one of ${quoted(HOOKS)}`, choices: HOOKS })),
  audit: flag(true, 'Logs, once the server is ready, what in the route table will not work from a browser.')
}

/** Options of registrations only, as plain data: they are about the plugin, not about one route's policy. */
const plainRegistrationProperties = {
  strictPreflight: flag(false, 'Answers 400 to an OPTIONS request that lacks Origin or Access-Control-Request-Method.'),
  ...plainBootProperties
}

/** The options that a route (`config.cors`) and a delegator may give. */
export const RouteCorsOptionsSchema = Type.Partial(Type.Object({ origin, ...plainProperties }), {
  additionalProperties: false,
  description: 'The CORS options of one route, in its config.cors, and of a delegator\'s result.'
})

/** The options of the plugin. Types, validation, defaults and documentation derive from this schema. */
export const CorsOptionsSchema = Type.Partial(Type.Object({
  origin,
  ...plainProperties,
  ...plainRegistrationProperties,
  delegator: option(FunctionType<Delegator>({
    title: 'Delegator',
    description: '(request) => options, or a promise of them: chosen per request, over those of the registration.'
  }), {
    words: 'a function',
    example: '(request) => ({ origin: \'https://app.example.com\' })',
    aliases: ['delegate', 'corsoptionsdelegate', 'optionsdelegate', 'getoptions']
  }),
  urls: option(RegExpType({ description: 'Only paths that match get CORS.' }), {
    words: 'a regular expression',
    example: '/^\\/api\\//',
    aliases: ['url', 'path', 'paths', 'pathprefix', 'routes', 'urlsregex']
  })
}), { additionalProperties: false, description: 'The options of fastify-cors-policy.' })

/**
 * The options as JSON: {@link CorsOptionsSchema} without regular expressions and functions. Use it as a Fastify body
 * schema, with `@fastify/env`, or for policies in a database. `parseCorsOptions` then checks what no schema can say.
 */
export const CorsPolicySchema = Type.Partial(Type.Object({
  origin: plainOrigin,
  ...plainProperties,
  ...plainRegistrationProperties
}), { additionalProperties: false, description: 'A CORS policy as plain data.' })

/** The defaults of the options that have one. */
export const DEFAULTS = Object.freeze(defaultsOf(CorsOptionsSchema))

/** The defaults of the options that a route may give. */
export const ROUTE_DEFAULTS = Object.freeze(defaultsOf(RouteCorsOptionsSchema))

/** The options that stay as they are once the server has started. */
export const FIXED_AT_BOOT = Object.keys(plainBootProperties)

/** The options that a delegator may only repeat. */
export const ONLY_AT_REGISTRATION = Object.keys(plainRegistrationProperties)

/** A policy as plain data, as {@link CorsPolicySchema} describes it. */
export type CorsPolicyJson = Static<typeof CorsPolicySchema>
