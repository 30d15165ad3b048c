import { Icon } from '../../../lib/inspector/page/parts/icon.js'
import { CallAll } from './calls-view.js'
import { edit, entries, fresh, isFixed, issues, mend, reset, valueOf, written, type Entry } from './policy.js'
import type { CorsIssue } from '../../../lib/options/issue.js'

/** The policy of the API: it looks like code, and is a form with an input for each value. */
export function PolicyForm () {
  return (
    <aside class='policy' aria-labelledby='policy'>
      <div class='h'><h2 id='policy'>The policy of the API</h2></div>
      <State />
      <form class='ed' aria-label='Options' onSubmit={event => event.preventDefault()}>
        <div>api.register(corsPlugin, {'{'}</div>
        <div class='in'>
          {entries.value.map((entry, i) => <Option key={entry.key} entry={entry} index={i} />)}
          <div class='row'>
            <button class='btn bare add' type='button' onClick={addOption}><Icon name='add' />Add an option</button>
          </div>
          <Problems path='' />
        </div>
        <div>{'}'})</div>
      </form>
      <div class='acts'>
        <CallAll />
        <button class='btn bare' type='button' onClick={() => { reset().catch(() => {}) }}>Back to the first policy</button>
      </div>
    </aside>
  )
}

function State () {
  const count = issues.value.length
  if (count > 0) {
    return (
      <div class='state blocked' role='status'>
        <Icon name='blocked' />
        <p><span class='v'>Not in force: {count} problem{count === 1 ? '' : 's'}.</span> Until {count === 1 ? 'it is' : 'they are'} mended, the API goes on with the policy from before.</p>
      </div>
    )
  }
  return (
    <div class='state allowed' role='status'>
      <Icon name='allowed' />
      {written.value === null
        ? <p><span class='v'>In force.</span> Change it: the API uses it at once, without a restart.</p>
        : <p><span class='v'>In force</span> since {new Date(written.value.at).toLocaleTimeString('en-GB')}. {written.value.what}</p>}
    </div>
  )
}

let added = 0

function addOption (): void {
  edit([...entries.value, { key: `added ${++added}`, name: '', value: '' }])
}

function replace (index: number, entry: Entry): void {
  edit(entries.value.with(index, entry))
}

function remove (index: number): void {
  edit(entries.value.toSpliced(index, 1))
}

function Option ({ entry, index }: { entry: Entry, index: number }) {
  const { name, value } = entry
  if (typeof value !== 'string') return <List entry={entry} items={value} index={index} />
  if (isFixed(entry)) return <Switch entry={entry} value={value} index={index} />
  const path = `/${name}`
  return (
    <div>
      <div class='row'>
        <Value label={`Name of option ${index + 1}`} value={name} path={path} onChange={changed => replace(index, { ...entry, name: changed })} />
        <span class='co'>:</span>
        <Quoted><Value label={`Value of ${name}`} value={value} path={`${path}/0`} onChange={changed => replace(index, { ...entry, value: changed })} /></Quoted>
        <Remove what={name === '' ? 'the option' : name} onClick={() => remove(index)} />
      </div>
      <Problems path={path} />
    </div>
  )
}

function Switch ({ entry, value, index }: { entry: Entry, value: string, index: number }) {
  const { name } = entry
  return (
    <div class={`row ${fresh.value.has(`${name} ${value}`) ? 'new' : ''}`}>
      <label for={name}>{name}:</label>{' '}
      <select id={name} value={value} onChange={event => replace(index, { ...entry, value: event.currentTarget.value })}>
        <option>false</option>
        <option>true</option>
      </select>,
      <Problems path={`/${name}`} />
    </div>
  )
}

const ITEMS: Readonly<Record<string, readonly [label: string, add: string]>> = { origin: ['Origin', 'Add an origin'], methods: ['Method', 'Add a method'] }

function List ({ entry, items, index }: { entry: Entry, items: readonly string[], index: number }) {
  const { name } = entry
  const [label, add] = ITEMS[name] ?? [`Value of ${name}`, 'Add a value']
  return (
    <fieldset>
      <legend>{name}: [</legend>
      <div class='in'>
        {items.map((item, i) => (
          <div key={i}>
            <div class={`row ${fresh.value.has(`${name} ${item}`) ? 'new' : ''}`}>
              <Quoted><Value label={`${label} ${i + 1}`} value={item} path={`/${name}/${i}`} onChange={changed => replace(index, { ...entry, value: items.with(i, changed) })} /></Quoted>
              <Remove what={item === '' ? `${label} ${i + 1}` : item} onClick={() => replace(index, { ...entry, value: items.toSpliced(i, 1) })} />
            </div>
            <Problems path={`/${name}/${i}`} />
          </div>
        ))}
        <div class='row'><button class='btn bare add' type='button' onClick={() => replace(index, { ...entry, value: [...items, ''] })}><Icon name='add' />{add}</button></div>
        <Problems path={`/${name}`} />
      </div>
      <div>],</div>
    </fieldset>
  )
}

function Quoted ({ children }: { children: preact.ComponentChildren }) {
  return <><span aria-hidden='true'>'</span>{children}<span aria-hidden='true'>',</span></>
}

function Remove ({ what, onClick }: { what: string, onClick: () => void }) {
  return <button class='btn bare' type='button' aria-label={`Remove ${what}`} onClick={onClick}><Icon name='remove' /></button>
}

/** Issues name the option or one of its items, as a JSON pointer. */
function issuesAt (path: string): CorsIssue[] {
  return issues.value.filter(issue => issue.path === path)
}

function idOf (path: string): string {
  return `issue${path.replaceAll('/', '-')}`
}

function Value ({ label, value, path, onChange }: { label: string, value: string, path: string, onChange: (value: string) => void }) {
  const isWrong = issuesAt(path).length > 0
  return (
    <input
      aria-label={label} value={value} size={Math.max(value.length, 3)} spellcheck={false} autocomplete='off' autocapitalize='off'
      {...isWrong ? { 'aria-invalid': true, 'aria-describedby': idOf(path) } : {}}
      onInput={event => onChange(event.currentTarget.value)}
    />
  )
}

function Problems ({ path }: { path: string }) {
  const found = issuesAt(path)
  if (found.length === 0) return null
  return <div class='bad' id={idOf(path)}>{found.map(issue => <Problem key={issue.code + issue.message} issue={issue} />)}</div>
}

function Problem ({ issue }: { issue: CorsIssue }) {
  const fix = issue.fix === null ? null : valueOf(issue.fix)
  return (
    <>
      <p><Icon name='blocked' /><span>{issue.message}.{fix === null && issue.fix !== null && <> Write <code>{issue.fix}</code></>}</span></p>
      {fix !== null && <button class='btn' type='button' onClick={() => mend(issue, fix)}>Write <code>{fix.join(', ')}</code></button>}
    </>
  )
}
