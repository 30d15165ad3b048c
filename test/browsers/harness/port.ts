import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** The port that an application listens on: the same for every address of this machine. */
export function portOf (app: FastifyInstance): number {
  return (app.server.address() as AddressInfo).port
}
