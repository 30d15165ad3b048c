import { signal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { Code, Copy } from './code.js'
import { FRAMEWORKS, remedyFor, type CorsRemedy, type Framework } from '../../../browser/index.js'
import type { Call, Judgement } from '../../wire.js'

const NAMES: Readonly<Record<Framework, string>> = {
  'fastify-cors-policy': 'fastify-cors-policy',
  'fastify-cors': '@fastify/cors',
  express: 'Express',
  koa: 'Koa',
  hono: 'Hono',
  nestjs: 'NestJS',
  django: 'Django',
  flask: 'Flask',
  fastapi: 'FastAPI',
  spring: 'Spring',
  aspnet: 'ASP.NET',
  laravel: 'Laravel',
  rails: 'Rails',
  go: 'Go',
  nginx: 'nginx',
  headers: 'any server: the headers'
}

const KEY = 'fastify-cors-policy.frameworks'

/** The chosen server by API: one address of the page can be in front of several APIs, one after the other. */
const chosen = signal<Readonly<Record<string, string>>>(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, string>)

function choose (api: string, framework: string): void {
  chosen.value = { ...chosen.value, [api]: framework }
  localStorage.setItem(KEY, JSON.stringify(chosen.value))
}

/** The remedy, as code for a server. */
export function Fix ({ call, judgement: { remedy, reason, parameter, framework } }: { call: Call, judgement: Judgement }) {
  const api = new URL(call.url).origin
  const id = useId()
  if (remedy === null) {
    return <section><h3>The fix</h3><p>None here: nothing is missing in your CORS policy.</p></section>
  }
  const current = FRAMEWORKS.find(name => name === chosen.value[api]) ?? framework
  const text = write(remedy, current)
  const needle = needleOf(call, reason, parameter)
  return (
    <section>
      <h3>The fix</h3>
      <div class='codebox'>
        <header>
          <label for={id}>Written for</label>
          <select id={id} value={current} onChange={event => choose(api, event.currentTarget.value)}>
            {FRAMEWORKS.map(name => <option key={name} value={name}>{NAMES[name]}</option>)}
          </select>
          <Copy text={text} what='the fix' />
        </header>
        <Code text={text} isMarked={line => needle.test(line)} />
        <p>The marked lines are what was missing. If your policy has other values there, keep them, and add these. Restart the server, then call again.</p>
      </div>
    </section>
  )
}

function write (remedy: CorsRemedy, framework: Framework): string {
  return remedyFor(remedy, framework).trimEnd()
}

/** Matches the lines with what was missing. */
function needleOf ({ method, origin }: Call, reason: Judgement['reason'], parameter: string | null): RegExp {
  if (reason === null) return /expose/i
  const [word, beside] = /Method/.test(reason)
    ? [method, 'method']
    : /^(?:HeaderDis|InvalidAllowHeaders)/.test(reason)
      ? [parameter ?? '', 'header']
      : /Credentials/.test(reason) ? ['', 'credential'] : [origin, '']
  const escaped = word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  return new RegExp(`^(?!\\s*(?:#|//)).*${beside}.*${escaped}|${escaped === '' ? '(?!)' : `^(?!\\s*(?:#|//)).*${escaped}.*${beside}`}`, 'i')
}
