/** In the `config` of a route: no list shows it, since it is no part of the API. */
export const UNLISTED = Symbol('fastify-cors-policy.unlisted')
