import { useSignal, useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Detail } from './detail.js'
import { Empty } from './empty.js'
import { decidedBy, pathOf, timeOf } from './parts/facts.js'
import { Icon } from './parts/icon.js'
import { WORDS, type Kind } from './parts/telling.js'
import { retry } from './trial.js'
import { MiniWay } from './parts/way.js'
import {
  all, choose, clear, feed, filter, goOn, heldBack, isOpen, isPaused, matching, origins, pause, selected, showAll, shown, undo, type Told
} from './state.js'

/** The calls as they happen, and the one in view. */
export function Live () {
  return (
    <section class={isOpen.value ? 'open' : undefined} aria-label='Live exchanges'>
      {isPaused.value && <Paused />}
      {undo.value !== null && <Cleared restore={undo.value} />}
      {feed.leftOut.value > 0 && <LeftOut count={feed.leftOut.value} />}
      {all.value.length === 0
        ? <Empty />
        : <><Tools /><Panes /></>}
    </section>
  )
}

function Paused () {
  const count = heldBack.value
  return (
    <div class='strip but'>
      <Icon name='pause' />
      <p><b>Paused.</b> {count === 0 ? 'No more calls came in since.' : `${count} more ${count === 1 ? 'call' : 'calls'} came in since. They are kept, and shown when you go on.`}</p>
      <button class='btn' type='button' onClick={goOn}>Go on</button>
    </div>
  )
}

function Cleared ({ restore }: { restore: () => void }) {
  return (
    <div class='strip waiting' role='status'>
      <p><b>Cleared.</b></p>
      <button class='btn' type='button' onClick={restore}>Undo</button>
    </div>
  )
}

function LeftOut ({ count }: { count: number }) {
  return <div class='strip but'><Icon name='but' /><p><b>Too many calls at once:</b> {count} were left out.</p></div>
}

const KINDS: readonly Kind[] = ['blocked', 'but', 'allowed', 'waiting']

function Tools () {
  return (
    <form class='tools' role='search' aria-label='Filter the exchanges' onSubmit={event => event.preventDefault()}>
      <label><span class='vh'>Route</span><input type='search' placeholder='Route' value={filter.route.value} onInput={event => { filter.route.value = event.currentTarget.value }} /></label>
      <label>
        <span class='vh'>Origin</span>
        <select value={filter.origin.value} onChange={event => { filter.origin.value = event.currentTarget.value }}>
          <option value=''>Every origin</option>
          {origins.value.map(origin => <option key={origin} value={origin}>{origin}</option>)}
        </select>
      </label>
      <fieldset class='chips'>
        <legend class='vh'>Verdict</legend>
        <label><input type='radio' name='verdict' checked={filter.kind.value === null} onChange={() => { filter.kind.value = null }} />All <span>{matching.value.length}</span></label>
        {KINDS.map(kind => (
          <label key={kind} class={kind}>
            <input type='radio' name='verdict' checked={filter.kind.value === kind} onChange={() => { filter.kind.value = kind }} />
            <Icon name={kind} />{WORDS[kind]} <span>{matching.value.filter(({ telling }) => telling.kind === kind).length}</span>
          </label>
        ))}
      </fieldset>
      <span class='end'>
        <button class='btn' type='button' aria-pressed={isPaused.value} onClick={isPaused.value ? goOn : pause}><Icon name='pause' /><span>Pause</span></button>
        <button class='btn' type='button' onClick={clear}>Clear</button>
      </span>
    </form>
  )
}

function Panes () {
  const count = all.value.length
  const heading = useRef<HTMLHeadingElement>(null)
  const list = useRef<HTMLUListElement>(null)
  if (shown.value.length === 0) {
    return (
      <div class='nothing'>
        <p>No call matches.</p>
        <button class='btn' type='button' onClick={showAll}>Show all {count}</button>
      </div>
    )
  }
  const back = (): void => {
    isOpen.value = false
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[aria-selected=true]')?.focus())
  }
  const open = (): void => {
    isOpen.value = true
    requestAnimationFrame(() => heading.current?.focus())
  }
  return (
    <div class='panes' onKeyDown={event => { if (event.key === 'Escape') back() }}>
      <div class='listroom'>
        <Fresh list={list} />
        <List listRef={list} open={open} />
        <p class='foot'>The last {feed.hello.value?.capacity} calls are kept. Calls of pages of the same origin need no CORS, and are not shown.</p>
      </div>
      <div class='detail' role='region' aria-label='The chosen exchange'>
        <button class='btn bare back' type='button' onClick={back}><Icon name='back' />All exchanges</button>
        {selected.value !== null && <Detail key={selected.value.call.id} told={selected.value} heading={heading} />}
        {selected.value !== null && <p class='again'><button class='btn' type='button' onClick={() => selected.value !== null && retry(selected.value.call)}>Try it again, with changes</button></p>}
      </div>
    </div>
  )
}

/** A link to the new calls above the visible part of the list, with their number. */
function Fresh ({ list }: { list: preact.RefObject<HTMLUListElement | null> }) {
  const top = useRef<HTMLDivElement>(null)
  const isAtTop = useSignal(true)
  const newestSeen = useSignal<string | undefined>(undefined)
  useSignalEffect(() => { if (isAtTop.value) newestSeen.value = shown.value[0]?.call.id })
  useEffect(() => {
    const observer = new IntersectionObserver(entries => { isAtTop.value = entries.at(-1)?.isIntersecting === true })
    if (top.current !== null) observer.observe(top.current)
    return () => observer.disconnect()
  }, [])
  const count = isAtTop.value ? 0 : shown.value.findIndex(({ call: { id } }) => id === newestSeen.value)
  const goUp = (): void => {
    top.current?.scrollIntoView({ block: 'nearest' })
    list.current?.querySelector<HTMLElement>('[role=option]')?.focus()
  }
  return (
    <>
      <div class='top' ref={top} />
      {count > 0 && <button class='btn fresh' type='button' onClick={goUp}>{count} new</button>}
    </>
  )
}

function List ({ listRef, open }: { listRef: preact.RefObject<HTMLUListElement | null>, open: () => void }) {
  const current = selected.value?.call.id
  const stop = Math.max(0, shown.value.findIndex(({ call }) => call.id === current))
  const move = (event: KeyboardEvent): void => {
    const list = shown.value
    const index = list.findIndex(({ call }) => call.id === current)
    const steps: Readonly<Record<string, number>> = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: list.length - 1 }
    const target = list[steps[event.key] ?? -1]
    if (event.key === 'Enter') open()
    if (target === undefined) return
    event.preventDefault()
    choose(target)
    requestAnimationFrame(() => listRef.current?.querySelector<HTMLElement>('[aria-selected=true]')?.focus())
  }
  return (
    <ul class='list' role='listbox' aria-label='Exchanges, newest first' ref={listRef} onKeyDown={move}>
      {shown.value.map((told, i) => <Row key={told.call.id} told={told} isSelected={told.call.id === current} isStop={i === stop} open={open} />)}
    </ul>
  )
}

interface RowProps {
  told: Told
  isSelected: boolean
  /** The keyboard enters the list here. */
  isStop: boolean
  open: () => void
}

function Row ({ told: { call, telling }, isSelected, isStop, open }: RowProps) {
  const { kind, short } = telling
  return (
    <li
      class={kind} role='option' aria-selected={isSelected} tabIndex={isStop ? 0 : -1}
      onClick={() => {
        choose({ call, telling })
        open()
      }}
    >
      <Icon name={kind} moves={kind === 'waiting'} />
      <span class='call'><i>{call.method}</i> {pathOf(call.url)}</span>
      <span class='time'>{timeOf(call.at)}</span>
      <span class='say'><span class='v'>{WORDS[kind]}</span>{kind === 'but' ? ' ' : ': '}{short}</span>
      <MiniWay stations={telling.stations} kind={kind} />
      <span class='from'><span class='vh'>from </span>{call.origin.replace(/^https?:\/\//, '')}{decidedBy(call) === null ? '' : ` · ${decidedBy(call)}`}</span>
    </li>
  )
}
