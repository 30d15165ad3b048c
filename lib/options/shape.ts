import { Value } from '@sinclair/typebox/value'
import { isList, quote, shorten, show } from '../origin/source.js'
import { EXPECTATIONS, type Expectation } from './expected.js'
import type { IssueList } from './issue-list.js'
import { optionMeantBy } from './known-names.js'
import type { GivenOptions } from './read-options.js'
import { CorsOptionsSchema } from './schema.js'

/** Finding the name that was meant takes time: enough for any mistake, and bounded for any input. */
const MAX_NAMES_EXPLAINED = 20

/** Keys that Fastify takes from the options of any plugin. */
const OF_REGISTER = new Map([
  ['prefix', 'prefix has no effect here: the plugin covers the context it is registered in, so register it in a context with that prefix'],
  ['logSerializers', 'logSerializers has no effect here: the plugin logs no request']
])

/**
 * Says in words what the schema only finds: options that there are not, and values of another type.
 *
 * @param known the options that may be given here: all, or those of a route
 */
export function reportShape (given: GivenOptions, known: object, issues: IssueList): void {
  reportUnknown(Object.keys(given).filter(option => !Object.hasOwn(known, option)), given, issues)
  for (const expectation of EXPECTATIONS) {
    const { option } = expectation
    if (!Object.hasOwn(given, option) || !Object.hasOwn(known, option)) continue
    if (!Value.Check(CorsOptionsSchema.properties[option], given[option])) reportType(expectation, given[option], issues)
  }
}

function reportUnknown (options: string[], given: GivenOptions, issues: IssueList): void {
  for (const [index, option] of options.entries()) {
    const problem = explainUnknown(option, index)
    issues.add({ option }, { code: 'unknown-option', value: given[option], ...problem })
  }
}

function explainUnknown (option: string, index: number): { message: string, fix: string | null } {
  if (Object.hasOwn(CorsOptionsSchema.properties, option)) {
    return { message: `${option} belongs in the registration, and can't be set for one route`, fix: `app.register(corsPlugin, { ${option}: … })` }
  }
  const special = OF_REGISTER.get(option)
  if (special !== undefined) return { message: special, fix: null }
  const meant = index < MAX_NAMES_EXPLAINED ? optionMeantBy(option) : null
  const name = `there is no option ${quote(shorten(option))}`
  return { message: meant === null ? name : `${name}; here it is called ${meant}`, fix: meant }
}

function reportType (expectation: Expectation, value: unknown, issues: IssueList): void {
  const { option, items, range } = expectation
  if (items !== undefined && isList(value)) {
    for (const [index, item] of value.entries()) {
      if (issues.isFull) return
      if (!items.include(item)) {
        issues.add({ option, index }, {
          code: 'invalid-type',
          value: item,
          message: `${option} can only contain ${items.words}, and not ${show(item)}`,
          fix: items.meant(item)
        })
      }
    }
  } else {
    issues.add({ option }, {
      code: Number.isInteger(value) ? range?.code ?? 'invalid-type' : 'invalid-type',
      value,
      message: `${option} has to be ${expectation.words}, and not ${show(value)}`,
      fix: expectation.meant(value)
    })
  }
}
