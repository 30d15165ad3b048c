import type { Grant } from './grant.js'
import { lines, quote } from './text.js'

/** Any other server: the headers to send. */
export function headers ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return origins.map(origin => lines(
    `# To the preflight (OPTIONS with Access-Control-Request-Method), when Origin is ${origin}:`,
    '# before a login is asked for, with the status 204.',
    `Access-Control-Allow-Origin: ${origin}`,
    `Access-Control-Allow-Methods: ${methods.join(', ')}`,
    allowedHeaders.length > 0 && `Access-Control-Allow-Headers: ${allowedHeaders.join(', ')}`,
    credentials && 'Access-Control-Allow-Credentials: true',
    '',
    `# To the request itself, whatever its status, when Origin is ${origin}:`,
    `Access-Control-Allow-Origin: ${origin}`,
    exposedHeaders.length > 0 && `Access-Control-Expose-Headers: ${exposedHeaders.join(', ')}`,
    credentials && 'Access-Control-Allow-Credentials: true',
    ''
  )).join('') + lines(
    '# To every request, whatever its Origin:',
    'Vary: Origin'
  )
}

/**
 * nginx alone. All of it may stand in `server` and in `location`, unlike `map`, and unlike `add_header` within `if`. nginx
 * has no escape for `$`, which begins a variable: a name that contains it is left out, and stays refused.
 */
export function nginx ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    '# First inside the `server` that answers, or inside its `location` (not beside try_files: then in `server`).',
    '# There is nothing to install. A block with add_header lines of its own inherits none: move all of this there.',
    'set $cors_origin "";',
    ...origins.map(origin => `if ($http_origin = ${quote(origin, '"')}) { set $cors_origin $http_origin; }`),
    'add_header Vary Origin always;',
    'add_header Access-Control-Allow-Origin $cors_origin always;',
    list('Access-Control-Allow-Methods', methods),
    list('Access-Control-Allow-Headers', allowedHeaders),
    list('Access-Control-Expose-Headers', exposedHeaders),
    credentials && 'add_header Access-Control-Allow-Credentials true always;',
    '# A preflight is answered here, whatever stands behind.',
    'set $cors_preflight $request_method;',
    'if ($http_access_control_request_method = "") { set $cors_preflight ""; }',
    'if ($cors_preflight = OPTIONS) { return 204; }'
  )
}

function list (header: string, names: readonly string[]): string | false {
  const writable = names.filter(name => !name.includes('$'))
  return writable.length > 0 && `add_header ${header} ${quote(writable.join(', '), '"')} always;`
}
