import type { CorsOptionName } from '../schema.js'
import type { Rules } from './rule.js'

/** The usual names of the function that other CORS libraries hand over to be called back with the answer. */
const CALLBACK = /^(?:cb|callback|done|next)$/

/** How the functions of the options are called, and what they return. */
const FORMS = {
  origin: '(origin, request) => boolean, or a promise of one',
  delegator: '(request) => options, or a promise of them'
} as const

/**
 * `callback-function`: a function that waits for a callback, as other CORS libraries have it, gets none here. It would
 * fail with the first request, or end the process where it calls back later (A15).
 */
export function checkCallbacks (rules: Rules): void {
  checkCallback('origin', rules)
  checkCallback('delegator', rules)
}

function checkCallback (option: Extract<CorsOptionName, 'origin' | 'delegator'>, { own, issues }: Rules): void {
  const value = own[option]
  if (typeof value !== 'function') return
  const code = Function.prototype.toString.call(value).replace(OPAQUE, ' ')
  const name = secondParameterOf(code)
  const isCallback = name !== null && (CALLBACK.test(name) || callsBack(code, name))
  // Nothing but the request is handed to a delegator, whatever minified code calls a second parameter.
  if (!isCallback && !(option === 'delegator' && value.length > 1)) return
  const found = isCallback ? `takes a callback, '${name}', and is handed none` : 'takes a second parameter, and is handed the request alone'
  issues.add({ option }, {
    code: 'callback-function',
    value,
    message: `${option} ${found}. Return the answer: ${FORMS[option]}`,
    fix: null
  })
}

/** Texts, templates and comments: what stands in them is no syntax. */
const OPAQUE = /\/\*[^]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[^])*`/g

/** True if a parameter is called as callbacks are, with an error or none: minified code keeps that, but no name. */
function callsBack (code: string, name: string): boolean {
  const called = new RegExp(`(?<![.\\w$])${name.replaceAll('$', '\\$')}\\(\\s*(?:null|undefined|void 0|(?:new )?\\w*Error\\()`, 'u')
  return called.test(code)
}

/** The name of the second parameter of a function; `null` where it has none, or where it is taken apart. */
function secondParameterOf (code: string): string | null {
  const start = code.indexOf('(')
  // An arrow function may have one parameter without parentheses.
  if (start === -1 || code.slice(0, start).includes('=>')) return null
  let depth = 0
  let commas = 0
  let second = ''
  for (const character of code.slice(start + 1)) {
    if (depth === 0 && character === ')') break
    if (depth === 0 && character === ',') commas++
    else if (commas === 1) second += character
    if ('([{'.includes(character)) depth++
    if (')]}'.includes(character)) depth--
  }
  return /^\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?:=|$)/u.exec(second)?.[1] ?? null
}
