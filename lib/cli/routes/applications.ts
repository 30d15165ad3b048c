import type { FastifyInstance, RouteOptions } from 'fastify'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { keepFromListening } from './listening.js'

/** A route as it was declared. */
export interface SeenRoute {
  readonly route: RouteOptions
  /** The context that it was declared in. */
  readonly context: FastifyInstance
}

/** A Fastify application as it can be seen from outside. */
export interface SeenApplication {
  readonly root: FastifyInstance
  /** In the order in which they were made, the root first. */
  readonly contexts: FastifyInstance[]
  readonly routes: SeenRoute[]
}

const CREATION = 'fastify.initialization'

/**
 * Sees the contexts and routes of the Fastify applications that are created while it watches, by whatever copy of
 * Fastify: a registration in a context can't be seen from the context above it.
 */
export class Applications {
  private readonly seen = new Map<unknown, SeenApplication>()
  private readonly onListen: Array<(application: SeenApplication) => void> = []
  /** The error of an application that was to listen, and did not boot. */
  failure: unknown = null
  /** The first application that a file lets listen. */
  readonly listening = new Promise<SeenApplication>(resolve => { this.onListen.push(resolve) })

  watch (): void {
    subscribe(CREATION, this.onCreation)
  }

  /** Closes the applications, too: they may hold connections to databases. */
  async end (): Promise<void> {
    unsubscribe(CREATION, this.onCreation)
    await Promise.allSettled([...this.seen.values()].map(({ root }) => root.close()))
  }

  /** The application that was created first. */
  get first (): SeenApplication | undefined {
    const [first] = this.seen.values()
    return first
  }

  /** The record of an application that was seen; `undefined` for anything else. */
  of (root: unknown): SeenApplication | undefined {
    return this.seen.get(root)
  }

  /** The other applications that have routes. */
  besides (application: SeenApplication): SeenApplication[] {
    return [...this.seen.values()].filter(other => other !== application && other.routes.length > 0)
  }

  /** The application that was created next. */
  madeAfter (application: SeenApplication): SeenApplication | undefined {
    const all = [...this.seen.values()]
    return all[all.indexOf(application) + 1]
  }

  /** Sees an application from now on, if it was not seen from its creation. */
  see (root: FastifyInstance): SeenApplication {
    const known = this.seen.get(root)
    if (known !== undefined) return known
    const application: SeenApplication = { root, contexts: [root], routes: [] }
    this.seen.set(root, application)
    keepFromListening(root, boot => {
      for (const resolve of this.onListen) resolve(application)
      boot.then(null, (error: unknown) => { this.failure = error })
    })
    root.addHook('onRegister', context => { application.contexts.push(context) })
    root.addHook('onRoute', function (route) { application.routes.push({ route, context: this }) })
    return application
  }

  private readonly onCreation = (message: unknown): void => {
    if (isCreation(message)) this.see(message.fastify)
  }
}

function isCreation (message: unknown): message is { fastify: FastifyInstance } {
  return typeof message === 'object' && message !== null && 'fastify' in message
}
