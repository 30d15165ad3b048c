import type { Grant } from './grant.js'
import { items, lines } from './text.js'

/**
 * Flask, with `flask-cors`, which writes headers but answers no preflight: a login before it would refuse the preflight,
 * which carries no cookies. For a single origin it leaves `Vary` out.
 */
export function flask ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    '# Right after `app = Flask(__name__)`. Install it: pip install flask-cors',
    'from flask import request',
    'from flask_cors import CORS',
    '',
    'CORS(',
    '    app,',
    `    origins=[${items(origins.map(literal), '"')}],`,
    `    methods=[${items(methods, '"')}],`,
    `    allow_headers=[${items(allowedHeaders.map(literal), '"')}],`,
    exposedHeaders.length > 0 && `    expose_headers=[${items(exposedHeaders, '"')}],`,
    credentials && '    supports_credentials=True,',
    ')',
    '',
    '',
    '# A preflight carries no cookies: it is answered before a login is asked for.',
    '@app.before_request',
    'def answer_preflight():',
    '    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:',
    '        return "", 204',
    '',
    '',
    '@app.after_request',
    'def vary_by_origin(response):',
    '    response.vary.add("Origin")',
    '    return response'
  )
}

/** Escapes and anchors a text that the library takes for an expression. It matches expressions from the start only. */
function literal (text: string): string {
  return /[*\\\]?$^[()]/.test(text) ? `^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$` : text
}
