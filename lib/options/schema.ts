import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest, LogLevel } from 'fastify'
import { choice, either, FunctionType, list, RegExpType } from './schema-types.js'

// The build works out what this module exports: data alone.

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
export const HOOKS = ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'] as const

/** What `dangerouslyAllow` can name. */
export const EXCEPTIONS = [
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
