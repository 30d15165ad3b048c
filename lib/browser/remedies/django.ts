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
