import type { Grant } from './grant.js'
import { items, lines } from './text.js'

/** FastAPI, with Starlette's middleware, which leaves `Vary` out of answers to requests without an allowed origin. */
export function fastapi ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    '# After `app = FastAPI()` and every other middleware: what is added last runs first. There is nothing to install.',
    'from fastapi.middleware.cors import CORSMiddleware',
    '',
    '',
    '@app.middleware("http")',
    'async def vary_by_origin(request, call_next):',
    '    response = await call_next(request)',
    '    response.headers.add_vary_header("Origin")',
    '    return response',
    '',
    '',
    'app.add_middleware(',
    '    CORSMiddleware,',
    `    allow_origins=[${items(origins, '"')}],`,
    `    allow_methods=[${items(methods, '"')}],`,
    `    allow_headers=[${items(allowedHeaders, '"')}],`,
    exposedHeaders.length > 0 && `    expose_headers=[${items(exposedHeaders, '"')}],`,
    credentials && '    allow_credentials=True,',
    ')'
  )
}
