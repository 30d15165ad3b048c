import createError from '@fastify/error'

/** The inspector is for development. */
export const InspectorInProductionError = createError(
  'FST_CORS_INSPECTOR_IN_PRODUCTION',
  'The CORS inspector is for development, and NODE_ENV is production: leave it out there, or register it with ' +
  'allowRemote: true, which asks everyone for a key'
)

/** An option of the inspector that can't work. */
export const InvalidInspectorOptionsError = createError('FST_CORS_INVALID_INSPECTOR_OPTIONS', 'The inspector\'s %s must be %s, not %s')
