import { validHost } from '../../origin/validate.js'
import { quote } from '../../text.js'
import type { Problem } from '../issue.js'

/** The rest that a variable which is not set leaves in a text: as a label of a host or a part of one, all of it, a scheme or a port, or at either end. */
const UNSET = /(?:^|[/.:-])undefined(?=[/.:]|$)|(?<=\w)undefined(?=[/:]|$)|^(?:undefined|null)https?:|(?:^|[/:])(?:null|nan)(?=[/:]|$)|\[object /i

/** A template that nothing has filled in: in a scheme other than http and https, a host may have any of its characters. */
const TEMPLATE = /\$\{|\{\{/

/** The host of an origin or a pattern; `null` for what is neither, or was made with a variable that is not set. */
export function givenHost (value: string): string | null {
  return UNSET.test(value) || TEMPLATE.test(value) ? null : validHost(value)
}

/** The source of an expression made of nothing but a variable that is not set: `new RegExp('')` is written `/(?:)/`. */
const EMPTY_SOURCE = /^\^?(?:\(\?:\))?\$?$/

/** The same rest in the source of an expression, where punctuation is not escaped. */
const UNSET_IN_SOURCE = /(?<![\w-])undefined(?![\w-])|(?<=:\/\/)null(?![\w.-])|(?<=:(?:\/\/)?)NaN(?!\w)|\[object \w+\]?|\$\{[A-Za-z_][\w.]*\}/

/** The rest of a variable that is not set in the source of an expression: `''` if nothing else is there, `null` if there is none. */
export function unsetIn (source: string): string | null {
  if (EMPTY_SOURCE.test(source)) return ''
  return UNSET_IN_SOURCE.exec(source.replace(/\\(?=\W)/g, ''))?.[0] ?? null
}

/** `origin-invalid` of `https://${process.env.HOST}` where that is not set: a valid origin, but nobody's. */
export function unsetProblem (value: string): Problem | null {
  if (!value.includes('://') || !UNSET.test(value)) return null
  return {
    code: 'origin-invalid',
    value,
    message: `${quote(value)} looks like it was made with an environment variable that is not set`,
    fix: null
  }
}
