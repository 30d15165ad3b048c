import type { Grant } from './grant.js'
import { lines } from './text.js'

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
