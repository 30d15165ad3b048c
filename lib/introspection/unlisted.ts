/** A key in the `config` of a route that is no part of the API: no list shows the route. */
export const UNLISTED = Symbol('fastify-cors-policy.unlisted')
