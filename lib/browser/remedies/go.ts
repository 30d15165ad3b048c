import { nameable, type Grant } from './grant.js'
import { items, lines } from './text.js'

/** Go's `net/http`, with `github.com/rs/cors`. */
export function go ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  // gofmt aligns the values.
  const gap = credentials ? '   ' : ' '
  return lines(
    '// cors.go, a new file beside main.go. There, serve allowCORS(app) in place of app, the http.Handler:',
    '// http.ListenAndServe(":8080", allowCORS(app)). Install it: go get github.com/rs/cors',
    'package main',
    '',
    'import (',
    '\t"net/http"',
    '',
    '\t"github.com/rs/cors"',
    ')',
    '',
    'func allowCORS(app http.Handler) http.Handler {',
    '\treturn cors.New(cors.Options{',
    `\t\tAllowedOrigins:${gap}[]string{${items(origins, '"')}},`,
    `\t\tAllowedMethods:${gap}[]string{${items(methods, '"')}},`,
    `\t\tAllowedHeaders:${gap}[]string{${items(nameable(allowedHeaders), '"')}},`,
    exposedHeaders.length > 0 && `\t\tExposedHeaders:${gap}[]string{${items(exposedHeaders, '"')}},`,
    credentials && '\t\tAllowCredentials: true,',
    '\t}).Handler(app)',
    '}'
  )
}
