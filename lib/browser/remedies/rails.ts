import type { Grant } from './grant.js'
import { items, lines, quote } from './text.js'

/** Rails, with `rack-cors`, which knows origins of http and https only, and methods in lower case. */
export function rails ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    "# config/initializers/cors.rb, a new file. Install it: gem 'rack-cors' in the Gemfile, then bundle install",
    "require 'rack/cors'",
    '',
    '# First of all, so that preflights are answered before a login is asked for.',
    'Rails.application.config.middleware.insert_before 0, Rack::Cors do',
    '  allow do',
    `    origins ${origins.map(origin).join(', ')}`,
    "    resource '*',",
    `      methods: [${items(methods.map(method => method.toLowerCase()), "'")}],`,
    exposedHeaders.length > 0 && `      expose: [${items(exposedHeaders, "'")}],`,
    credentials && '      credentials: true,',
    `      headers: [${items(allowedHeaders, "'")}]`,
    '  end',
    'end'
  )
}

function origin (text: string): string {
  return /^https?:/.test(text) ? quote(text, "'") : `->(source, _env) { source == ${quote(text, "'")} }`
}
