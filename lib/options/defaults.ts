import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { CorsOptionsSchema } from './schema.js'

/** The options that have a default, each as it is where nobody gives it: read from the schema, and repeated nowhere. */
export const DEFAULTS = Object.freeze(Value.Parse(Type.Required(Type.Pick(CorsOptionsSchema, [
  'methods', 'credentials', 'optionsSuccessStatus', 'preflight', 'preflightContinue', 'privateNetwork', 'timingAllowOrigin', 'enforce',
  'dangerouslyAllow', 'strictPreflight', 'hideOptionsRoute', 'hook', 'audit'
])), {}))
