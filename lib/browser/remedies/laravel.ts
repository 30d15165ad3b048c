import type { Grant } from './grant.js'
import { items, lines } from './text.js'

/** Laravel from 9.2 on, which has its own middleware and one configuration file for it. */
export function laravel ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    '<?php',
    '// config/cors.php, the whole file; then: php artisan config:clear. There is nothing to install.',
    '',
    'return [',
    "    'paths' => ['*'],",
    `    'allowed_origins' => [${items(origins, "'")}],`,
    "    'allowed_origins_patterns' => [],",
    `    'allowed_methods' => [${items(methods, "'")}],`,
    `    'allowed_headers' => [${items(allowedHeaders, "'")}],`,
    `    'exposed_headers' => [${items(exposedHeaders, "'")}],`,
    "    'max_age' => 0,",
    `    'supports_credentials' => ${String(credentials)},`,
    '];'
  )
}
