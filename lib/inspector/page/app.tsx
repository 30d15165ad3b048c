import { Live } from './live.js'
import { announced } from './parts/announce.js'
import { Icon, type IconName } from './parts/icon.js'
import { Policy } from './policy.js'
import { feed, isPaused, table, view, type View } from './state.js'
import { TryIt } from './try-it.js'

export function App () {
  return (
    <>
      <a class='skip-to' href='#main'>Skip to the exchanges</a>
      <Bar />
      {feed.connection.value === 'reconnecting' && feed.hello.value !== null && <Lost />}
      <main id='main' tabIndex={-1}>
        {view.value === 'live' && <Live />}
        {view.value === 'policy' && <Policy />}
        {view.value === 'try' && <TryIt />}
      </main>
      <p class='vh' role='status'>{announced.value}</p>
    </>
  )
}

function Bar () {
  const hello = feed.hello.value
  const findings = table.value?.findings.length ?? 0
  return (
    <header class='bar'>
      <h1><Icon name='logo' />CORS inspector</h1>
      <nav aria-label='Views'>
        <ViewLink to='live'>Live</ViewLink>
        {hello?.mode !== 'in front of' && (
          <ViewLink to='policy'>
            Policy{findings > 0 && <span class='but'><Icon name='but' />{findings}<span class='vh'> findings</span></span>}
          </ViewLink>
        )}
        <ViewLink to='try'>Try it</ViewLink>
      </nav>
      {hello !== null && <p class='where'>{hello.mode} <code>{hello.api}</code></p>}
      <State />
    </header>
  )
}

function ViewLink ({ to, children }: { to: View, children: preact.ComponentChildren }) {
  return <a href={`#${to}`} aria-current={view.value === to ? 'page' : undefined}>{children}</a>
}

function State () {
  const [kind, icon, text]: [string, IconName, string] = feed.connection.value === 'reconnecting'
    ? ['blocked', 'lost', feed.hello.value === null ? 'Connecting' : 'Reconnecting']
    : isPaused.value ? ['but', 'pause', 'Paused'] : ['allowed', 'live', 'Listening']
  return <p class={`conn ${kind}`} role='status'><Icon name={icon} /><span>{text}</span></p>
}

function Lost () {
  return (
    <div class='strip blocked' role='alert'>
      <Icon name='lost' />
      <p><b>The server is gone.</b> It stopped, or it restarts. Trying again every second; what is shown stays.</p>
      <button class='btn' type='button' onClick={() => feed.open()}>Try now</button>
    </div>
  )
}
