import { Icon } from './icon.js'
import { statusText } from './status.js'
import { pathOf } from './facts.js'
import { sentAt } from './stations.js'
import type { Kind, Mark } from './telling.js'
import type { Call, Exchange } from '../../wire.js'

/** Request headers that announce something, so that they are shown. */
const ASKED: ReadonlySet<string> = new Set(['access-control-request-method', 'access-control-request-headers'])

/** Headers of every request and every answer, which say nothing here. */
const DULL = /^(?:accept|accept-encoding|accept-language|cache-control|connection|content-length|date|dnt|host|keep-alive|pragma|priority|referer|sec-.+|transfer-encoding|upgrade-insecure-requests|user-agent)$/

/** All exchanges of a call. */
export function Said ({ call, mark, kind }: { call: Call, mark: Mark | null, kind: Kind }) {
  const { redirects, preflight, actual, state } = call
  const { method, url } = sentAt(call, call)
  const isStopped = preflight !== null && actual === null && kind === 'blocked'
  return (
    <section>
      <h3>What was said</h3>
      <div class='msgs'>
        {redirects.flatMap(hop => [hop.preflight, hop.actual]).map((exchange, i) => exchange !== null && (
          <Message key={i} name={exchange === redirects[i >> 1]?.preflight ? 'Preflight' : 'Request'} about={exchange.url} exchange={exchange} mark={null} kind={kind} folds />
        ))}
        {preflight !== null && <Message name='Preflight' about={redirects.length === 0 ? 'may I?' : preflight.url} exchange={preflight} mark={mark?.message === 'preflight' ? mark : null} kind={kind} folds={!isStopped} />}
        {actual !== null && <Message name='Request' about={redirects.length === 0 ? 'the call itself' : actual.url} exchange={actual} mark={mark?.message === 'actual' ? mark : null} kind={kind} folds={false} />}
        {isStopped && (
          <div class='msg unsent'>
            <h4>Request <span>the call itself</span></h4>
            <ul class='lines'><li class='start'>{method} {pathOf(url)}</li></ul>
            <ul class='lines'><li class='none'>{state === 'never-came' ? 'It never came.' : 'Never sent. The browser stopped after the preflight.'}</li></ul>
          </div>
        )}
      </div>
    </section>
  )
}

interface MessageProps {
  name: string
  about: string
  exchange: Exchange
  mark: Mark | null
  kind: Kind
  /** It passed, so it is folded. */
  folds: boolean
}

function Message ({ name, about, exchange, mark, kind, folds }: MessageProps) {
  const status = exchange.response?.status ?? 0
  const outcome = status === 0 ? 'no answer' : `${status < 300 || status > 399 ? 'passed' : 'redirected'}, ${status} ${statusText(status)}`
  const lines = <><Question exchange={exchange} /><Answer exchange={exchange} mark={mark} kind={kind} /></>
  return folds
    ? (
      <details class='msg'>
        <summary><b>{name}</b> <span>{about.includes(':') ? `${about}: ` : ''}{outcome}</span></summary>
        {lines}
      </details>
      )
    : <div class='msg'><h4>{name} <span>{about}</span></h4>{lines}</div>
}

/** The request, and the line of the answer that decided. */
export function Deciding ({ call, mark, kind }: { call: Call, mark: Mark, kind: Kind }) {
  const exchange = call[mark.message]
  if (exchange?.response == null) return null
  const { request, response } = exchange
  const deciding = response.headers.filter(([name]) => name === mark.header).slice(0, 1)
  return (
    <ul class='lines'>
      {request.filter(([name]) => name === 'origin' || ASKED.has(name)).map(([name, value], i) => <li key={i} class='asked'>{name}: {value}</li>)}
      <Marked response={{ ...response, headers: deciding, rewritten: [] }} mark={mark} kind={kind} hasStatus={mark.header === null} />
    </ul>
  )
}

function Question ({ exchange: { method, url, request } }: { exchange: Exchange }) {
  return (
    <ul class='lines'>
      <li class='start'>{method} {pathOf(url)}</li>
      {request.filter(([name]) => !DULL.test(name)).map(([name, value], i) => (
        <li key={i} class={ASKED.has(name) ? 'asked' : undefined}>{name}: {value}</li>
      ))}
    </ul>
  )
}

function Answer ({ exchange: { response }, mark, kind }: { exchange: Exchange, mark: Mark | null, kind: Kind }) {
  if (response === null) return <ul class='lines'><li class='none'>{kind === 'waiting' ? 'No answer yet.' : 'No answer.'}</li></ul>
  return <ul class='lines'><Marked response={response} mark={mark} kind={kind} hasStatus /></ul>
}

interface MarkedProps {
  response: NonNullable<Exchange['response']>
  mark: Mark | null
  kind: Kind
  hasStatus: boolean
}

/** The lines of an answer, with the deciding one marked. */
function Marked ({ response, mark, kind, hasStatus }: MarkedProps) {
  const shown = response.headers.filter(([name]) => !DULL.test(name))
  const first = shown.findIndex(([name]) => name === mark?.header)
  return (
    <>
      {hasStatus && <Line text={`${response.status} ${statusText(response.status)}`} class='start' says={mark?.header === null ? mark.says : null} kind={kind} />}
      {shown.map(([name, value], i) => (
        <Line key={i} text={`${name}: ${value}`} says={mark !== null && i === first ? mark.says : null} kind={kind} />
      ))}
      {response.rewritten.map(([name, value], i) => <li key={i} class='asked'>rewritten on the way, {name}: {value}</li>)}
      {mark !== null && mark.header !== null && first === -1 && <Line text={`${mark.header}: (not sent)`} isAbsent says={mark.ifMissing} kind={kind} />}
    </>
  )
}

function Line ({ text, says, kind, isAbsent = false, class: className = '' }: { text: string, says: string | null, kind: Kind, isAbsent?: boolean, class?: string }) {
  if (says === null) return <li class={className}>{text}</li>
  return (
    <li class={`decides ${kind} ${isAbsent ? 'absent' : ''} ${className}`}>
      {isAbsent ? <s>{text}</s> : text}
      <span class='tell'><Icon name={kind} /><span>{says}</span></span>
    </li>
  )
}
