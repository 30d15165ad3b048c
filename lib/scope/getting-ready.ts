import type { FastifyInstance } from 'fastify'

/** Where Fastify keeps how far an application is. */
const STATE = 'fastify.state'

/**
 * Whether somebody waits for the whole application (`ready()`, `listen()`, `inject()`): plugins are loaded earlier only
 * where one of them is awaited. Where Fastify should ever keep this elsewhere, nobody seems to wait.
 */
export function isGettingReady (root: FastifyInstance): boolean {
  const symbol = Object.getOwnPropertySymbols(root).find(({ description }) => description === STATE)
  const state: unknown = symbol === undefined ? undefined : Reflect.get(root, symbol)
  return typeof state === 'object' && state !== null && 'readyResolver' in state && state.readyResolver !== null
}
