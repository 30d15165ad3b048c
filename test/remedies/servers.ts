import { existsSync } from 'node:fs'
import type { Framework } from '../../lib/browser/index.js'

/** A server that runs here, and what has to be done to try a remedy on it. */
export interface ServerKind {
  name: string
  framework: Framework
  /** The folder in `servers` with a project that knows no CORS. `@PORT@` and `@BACKEND@` are filled in. */
  folder: string
  /** Where the remedy goes: in place of a line that has this text, or into a new file. */
  place: { file: string, marker: string } | { newFile: string, edit?: { file: string, from: string, to: string } }
  /** Run in the project's folder, one after the other; the last one serves. */
  commands: readonly (readonly string[])[]
  env?: Record<string, string>
  /** The folder of the server that stands behind this one, without CORS. */
  behind?: ServerKind
}

// Debian's: another one that is found first would not have its packages.
const python = '/usr/bin/python3'

function node (framework: Framework, folder: string = framework): ServerKind {
  return { name: framework, framework, folder, place: { file: 'main.mjs', marker: 'REMEDY' }, commands: [[process.execPath, 'main.mjs']] }
}

const express = node('express')
const nginx = { framework: 'nginx', folder: 'nginx', commands: [['/usr/sbin/nginx', '-p', '.', '-c', 'nginx.conf']], behind: express } as const

export const servers: readonly ServerKind[] = [
  node('fastify-cors-policy', 'fastify'),
  node('fastify-cors', 'fastify'),
  express,
  node('koa'),
  node('hono'),
  node('nestjs'),
  {
    name: 'django',
    framework: 'django',
    folder: 'django',
    place: { file: 'settings.py', marker: 'REMEDY' },
    commands: [[python, 'manage.py', 'runserver', '--noreload', '127.0.0.1:@PORT@']]
  },
  { name: 'flask', framework: 'flask', folder: 'flask', place: { file: 'main.py', marker: 'REMEDY' }, commands: [[python, 'main.py']] },
  { name: 'fastapi', framework: 'fastapi', folder: 'fastapi', place: { file: 'main.py', marker: 'REMEDY' }, commands: [[python, 'main.py']] },
  {
    name: 'rails',
    framework: 'rails',
    folder: 'rails',
    place: { newFile: 'config/initializers/cors.rb' },
    commands: [['/usr/bin/rackup', '--server', 'webrick', '--host', '127.0.0.1', '--port', '@PORT@']],
    env: { RAILS_ENV: 'production' }
  },
  {
    name: 'go',
    framework: 'go',
    folder: 'go',
    place: { newFile: 'cors.go', edit: { file: 'main.go', from: ', app)', to: ', allowCORS(app))' } },
    commands: [['/usr/bin/go', 'build', '-o', 'server', '.'], ['./server']],
    // Debian keeps libraries where Go looked for them before there were modules.
    env: { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '' }
  },
  { ...nginx, name: 'nginx, in server', place: { file: 'nginx.conf', marker: '# REMEDY' } },
  { ...nginx, name: 'nginx, in a location', place: { file: 'nginx.conf', marker: 'REMEDY IN A LOCATION' } },
  { ...node('headers'), place: { newFile: 'headers.txt' } }
]

/** The Debian packages that the servers and the browser need, each with a file that tells that it is installed. */
export const packages = {
  chromium: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  nginx: '/usr/sbin/nginx',
  'golang-go': '/usr/bin/go',
  'golang-github-rs-cors-dev': '/usr/share/gocode/src/github.com/rs/cors/cors.go',
  'python3-django-cors-headers': '/usr/lib/python3/dist-packages/corsheaders',
  'python3-flask-cors': '/usr/lib/python3/dist-packages/flask_cors',
  'python3-fastapi': '/usr/lib/python3/dist-packages/fastapi',
  'python3-uvicorn': '/usr/lib/python3/dist-packages/uvicorn',
  'ruby-rack-cors': '/usr/lib/ruby/vendor_ruby/rack/cors.rb',
  'ruby-railties': '/usr/share/doc/ruby-railties',
  'ruby-webrick': '/usr/share/doc/ruby-webrick'
}

/** What to run before these tests can; empty where everything is installed. */
export function missingPackages (): string {
  const missing = Object.entries(packages).flatMap(([name, file]) => existsSync(file) ? [] : [name])
  return missing.length === 0 ? '' : `apt-get install --no-install-recommends ${missing.join(' ')}`
}
