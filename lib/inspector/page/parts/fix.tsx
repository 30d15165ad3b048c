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

const KEY = 'fastify-cors-policy.framework'

/** The chosen server; `null`: the one that probably answered. */
const chosen = signal(FRAMEWORKS.find(framework => framework === localStorage.getItem(KEY)) ?? null)

function choose (value: string): void {
  chosen.value = FRAMEWORKS.find(framework => framework === value) ?? null
  localStorage.setItem(KEY, value)
}

/** The remedy, as code for a server. */
export function Fix ({ call, judgement: { remedy, reason, parameter, framework } }: { call: Call, judgement: Judgement }) {
  const id = useId()
  if (remedy === null) {
    return <section><h3>The fix</h3><p>None here: nothing is missing in your CORS policy.</p></section>
  }
  const current = chosen.value ?? framework
  const text = write(remedy, current)
  const needle = needleOf(call, reason, parameter)
  return (
    <section>
      <h3>The fix</h3>
      <div class='codebox'>
        <header>
          <label for={id}>Written for</label>
          <select id={id} value={current} onChange={event => choose(event.currentTarget.value)}>
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
