import type { Grant } from './grant.js'
import { items, lines } from './text.js'

/**
 * Django, with `django-cors-headers`. With cookies, Django's own protection against forged requests compares `Origin`
 * too (`CsrfViewMiddleware`): without `CSRF_TRUSTED_ORIGINS` it answers 403 to what CORS allows.
 */
export function django ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    '# At the end of settings.py. Install it: pip install django-cors-headers',
    'INSTALLED_APPS = [*INSTALLED_APPS, "corsheaders"]',
    '# First of all, so that preflights are answered before a login is asked for.',
    'MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]',
    `CORS_ALLOWED_ORIGINS = [${items(origins, '"')}]`,
    `CORS_ALLOW_METHODS = [${items(methods, '"')}]`,
    `CORS_ALLOW_HEADERS = [${items(allowedHeaders, '"')}]`,
    exposedHeaders.length > 0 && `CORS_EXPOSE_HEADERS = [${items(exposedHeaders, '"')}]`,
    credentials && 'CORS_ALLOW_CREDENTIALS = True',
    credentials && '# Against forged requests, Django checks the origin of calls with cookies once more (from Django 4 on).',
    credentials && `CSRF_TRUSTED_ORIGINS = [*globals().get("CSRF_TRUSTED_ORIGINS", []), ${items(origins, '"')}]`
  )
}

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
