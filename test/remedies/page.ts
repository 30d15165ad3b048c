import { FRAMEWORKS, remedyFor, type CorsRemedy, type Framework } from '../../lib/browser/index.js'
import { servers, type packages } from './servers.js'

/** The server in words, the library that does the work, and where the text comes from or was tried with. */
interface Described {
  server: string
  library: string
  /** For what runs here: the Debian packages, or npm. For what does not: the documentation that it was written after. */
  source: { npm: true } | { debian: (keyof typeof packages)[] } | { documentation: string }
}

export const described: Record<Framework, Described> = {
  'fastify-cors-policy': { server: 'Fastify', library: 'this plugin', source: { npm: true } },
  'fastify-cors': { server: 'Fastify', library: '`@fastify/cors`', source: { npm: true } },
  express: { server: 'Express', library: '`cors`', source: { npm: true } },
  koa: { server: 'Koa', library: '`@koa/cors`', source: { npm: true } },
  hono: { server: 'Hono', library: 'its own `hono/cors`', source: { npm: true } },
  nestjs: { server: 'NestJS, on Express', library: 'its own `enableCors`', source: { npm: true } },
  django: { server: 'Django', library: '`django-cors-headers`', source: { debian: ['python3-django-cors-headers'] } },
  flask: { server: 'Flask', library: '`flask-cors`', source: { debian: ['python3-flask-cors'] } },
  fastapi: { server: 'FastAPI', library: 'its own `CORSMiddleware`', source: { debian: ['python3-fastapi', 'python3-uvicorn'] } },
  spring: {
    server: 'Spring Boot, with servlets',
    library: 'its own `CorsFilter`',
    source: { documentation: 'https://docs.spring.io/spring-security/reference/servlet/integrations/cors.html' }
  },
  aspnet: {
    server: 'ASP.NET Core, from .NET 6 on',
    library: 'its own `UseCors`',
    source: { documentation: 'https://learn.microsoft.com/aspnet/core/security/cors' }
  },
  laravel: {
    server: 'Laravel, from 9.2 on',
    library: 'its own `HandleCors`',
    source: { documentation: 'https://laravel.com/docs/routing#cors' }
  },
  rails: { server: 'Rails', library: '`rack-cors`', source: { debian: ['ruby-railties', 'ruby-rack-cors'] } },
  go: { server: 'Go, `net/http`', library: '`github.com/rs/cors`', source: { debian: ['golang-go', 'golang-github-rs-cors-dev'] } },
  nginx: { server: 'nginx, in front of any server', library: 'nginx by itself', source: { debian: ['nginx'] } },
  headers: { server: 'any other server', library: 'the headers to send', source: { npm: true } }
}

const example: CorsRemedy = {
  options: {
    origin: ['https://app.example.com'],
    methods: ['GET', 'HEAD', 'POST', 'PUT'],
    allowedHeaders: ['content-type'],
    exposedHeaders: ['x-total-count'],
    credentials: true
  }
}

const languages: Partial<Record<Framework, string>> = {
  django: 'python', flask: 'python', fastapi: 'python', spring: 'java', aspnet: 'csharp', laravel: 'php', rails: 'ruby', go: 'go', nginx: 'nginx', headers: 'text'
}

/** docs/remedies.md. */
export function renderRemediesPage (): string {
  const rows = FRAMEWORKS.map(framework => {
    const { server, library, source } = described[framework]
    return `| [\`${framework}\`](#${framework}) | ${server} | ${library} | ${isRun(framework) ? 'run' : 'read'} | ${sourceText(source)} |`
  })
  const sections = FRAMEWORKS.map(framework =>
    `### ${framework}\n\n\`\`\`${languages[framework] ?? 'js'}\n${remedyFor(example, framework)}\`\`\`\n`)
  return `<!-- Rendered from lib/browser/remedies and test/remedies. To change it, change them and run UPDATE_DOCS=1 npx tap test/docs/remedies.test.ts -->

# The remedy, for any server

What a page needs is the same everywhere; only the words differ. \`remedyFor(remedy, framework)\` of \`fastify-cors-policy/browser\` writes it in the words of a server, and \`guessFramework(headers)\` guesses the server from \`Server\` and \`X-Powered-By\`. Each text is complete and goes where its first comment says. It grants one origin what its request asks for: the method, the headers, the cookies, the headers to be read. All other origins stay out, and \`Vary: Origin\` keeps caches from mixing answers up. What a library grants by default is taken back. Only this plugin's own line keeps its defaults, which let an allowed origin send any header it asks for.

**Run** means: \`npm run test:remedies\` starts such a server without CORS, and \`checkCors\` and Chromium both say that it is blocked. With the text in its place, both say that it is allowed; a page of another origin is still blocked, and nothing is granted that was not asked for. This is done for a plain GET, a PUT with JSON, a PUT with cookies behind a login, and a header to be read. **Read** means that the text follows the documentation and the source, and was not run.

| name | server | done by | run or read | with |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

## The texts

All are of one case: a page at \`https://app.example.com\` sends a PUT with JSON and cookies, and reads \`X-Total-Count\`.

${sections.join('\n')}`
}

export function isRun (framework: Framework): boolean {
  return servers.some(kind => kind.framework === framework)
}

function sourceText (source: Described['source']): string {
  if ('npm' in source) return 'npm'
  return 'debian' in source ? `Debian 12: ${source.debian.map(name => `\`${name}\``).join(', ')}` : `[its documentation](${source.documentation})`
}
