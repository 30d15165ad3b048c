import type { FastifyInstance, FastifyRequest, LogLevel } from 'fastify'

// Declared as methods, since a function may say more about the request than Fastify knows: which query it has, say.
interface Functions {
  origin (this: FastifyInstance, origin: string, request: FastifyRequest): boolean | Promise<boolean>
  delegator (request: FastifyRequest): RouteCorsOptions | Promise<RouteCorsOptions>
}

/** Decides about one origin. `this` is the Fastify instance of the request's route. */
export type OriginFunction = Functions['origin']

/** Chooses options for one request: over the registration's, under the route's own. */
export type Delegator = Functions['delegator']

/** The name of an option. */
export type CorsOptionName = keyof CorsOptions

// What follows is written by "npm run docs", from the schema.

/** The CORS options of one route, in its config.cors, and of a delegator's result. */
export type RouteCorsOptions = {
  /**
   * Who may call: an origin as browsers send it, a pattern such as https://*.example.com or http://localhost:*, "*"
   * for any origin, true to reflect any origin, false to switch CORS off, or a non-empty list of origins and
   * patterns. Also a regular expression, alone or in a list, or a function (origin, request) => boolean |
   * Promise<boolean>.
   */
  origin?: boolean | string | ReadonlyArray<string | RegExp> | RegExp | OriginFunction | undefined
  /**
   * Methods a page may use. A list, a comma-separated text, or "*".
   * @default ['GET', 'HEAD', 'POST']
   */
  methods?: string | readonly string[] | undefined
  /**
   * Request headers a page may send; those it asks for, where this is not given. A list, a comma-separated text, or
   * "*".
   */
  allowedHeaders?: string | readonly string[] | undefined
  /** Response headers a page may read, beside those it always may. A list, a comma-separated text, or "*". */
  exposedHeaders?: string | readonly string[] | undefined
  /**
   * Lets a page send cookies and HTTP authentication.
   * @default false
   */
  credentials?: boolean | undefined
  /** How many seconds a browser may remember a preflight; 0: not at all. */
  maxAge?: number | undefined
  /** Cache-Control of preflight answers: the seconds of max-age, or the whole value. */
  cacheControl?: number | string | undefined
  /**
   * Status of a preflight that is answered.
   * @default 204
   */
  optionsSuccessStatus?: number | undefined
  /**
   * Answers preflights; false leaves them to the application.
   * @default true
   */
  preflight?: boolean | undefined
  /**
   * Adds the preflight headers, then lets the application's own OPTIONS route answer.
   * @default false
   */
  preflightContinue?: boolean | undefined
  /**
   * Answers Access-Control-Request-Private-Network, which older versions of Chromium send.
   * @default false
   */
  privateNetwork?: boolean | undefined
  /**
   * Sends Timing-Allow-Origin for allowed origins.
   * @default false
   */
  timingAllowOrigin?: boolean | undefined
  /**
   * Refuses, with 403 and before the handler, what a browser would only have kept from being read: requests of other
   * origins by unsafe methods, or by all of them.
   * @default false
   */
  enforce?: false | 'unsafe' | 'all' | undefined
  /**
   * Named exceptions to the safety rules.
   * @default []
   */
  dangerouslyAllow?: ReadonlyArray<'null-origin' | 'insecure-origins' | 'public-suffixes' | 'any-origin-with-credentials' | 'unchecked-regexps'> | undefined
}

/** The options of fastify-cors-policy. */
export interface CorsOptions extends RouteCorsOptions {
  /**
   * Answers 400 to an OPTIONS request that lacks Origin or Access-Control-Request-Method.
   * @default false
   */
  strictPreflight?: boolean | undefined
  /**
   * Keeps the OPTIONS routes of the plugin out of API documentation.
   * @default true
   */
  hideOptionsRoute?: boolean | undefined
  /** Fastify log level of the OPTIONS routes of the plugin. */
  logLevel?: LogLevel
  /**
   * The hook that decides requests that are no preflights.
   * @default 'onRequest'
   */
  hook?: 'onRequest' | 'preParsing' | 'preValidation' | 'preHandler' | 'preSerialization' | 'onSend' | undefined
  /**
   * Logs, once the server is ready, what in the route table will not work from a browser.
   * @default true
   */
  audit?: boolean | undefined
  /** (request) => options, or a promise of them: chosen per request, over those of the registration. */
  delegator?: Delegator | undefined
  /** Only paths that match get CORS. */
  urls?: RegExp | undefined
}
