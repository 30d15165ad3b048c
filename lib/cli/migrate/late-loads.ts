import type * as t from '@babel/types'
import { PackageNames } from './package-names.js'
import { rangeOf, type Source, walk } from './source.js'

/**
 * The calls that load the plugin after `Fastify()` has been called. It would not know the routes that are declared before
 * it has loaded, and so not what they have in `config.cors`.
 */
export function lateLoads (source: Source, plugin: PackageNames): t.CallExpression[] {
  const nodes = Array.from(walk(source.root))
  const fastify = new PackageNames(source, 'fastify', new Set(['default', 'fastify']))
  const made = nodes.filter(node => node.type === 'CallExpression' && fastify.isFunction(node.callee))
  return nodes.filter(node => plugin.isLoad(node)).filter(load => {
    const scope = source.scopeOf(load)
    const beside = made.filter(call => source.scopeOf(call) === scope)
    // A function without an instance of its own gets one.
    if (beside.length === 0) return scope !== source.scopeOf(source.root)
    return beside.some(call => rangeOf(call).start < rangeOf(load).start)
  })
}
