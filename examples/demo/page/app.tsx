import { announced } from '../../../lib/inspector/page/parts/announce.js'
import { Icon } from '../../../lib/inspector/page/parts/icon.js'
import { Calls } from './calls-view.js'
import { makeAll } from './calls.js'
import { entries, write } from './policy.js'
import { PolicyForm } from './policy-form.js'
import { setting } from './setting.js'

export function App () {
  const api = setting.value?.api ?? ''
  return (
    <>
      <header class='top'>
        <h1>Who may call what</h1>
        <p class='lead'>A page may call a server of another origin. Whether it gets to read the answer, its browser decides, by what the server says. Call, look, and change what the server says.</p>
        <div class='ends'>
          <span class='k' id='opened'>This page, opened as</span>
          <nav class='b seg' aria-labelledby='opened'>
            {['127.0.0.1', 'localhost'].map(host => (
              <a key={host} href={`http://${host}:${location.port}/`} aria-current={location.hostname === host ? 'page' : undefined}>{host}:{location.port}</a>
            ))}
          </nav>
          <span class='n'>One page, one computer. To a browser, two origins.</span>
          <span class='arrow' aria-hidden='true' />
          <span class='k api'>The API it calls</span>
          <code class='b api addr'>{api}</code>
          <span class='n api'>It answers everyone; its policy says who may read.</span>
        </div>
        <Unlisted />
      </header>
      <main>
        <Calls />
        <PolicyForm />
      </main>
      <p class='vh' role='status'>{announced.value}</p>
    </>
  )
}

/** Says why everything is blocked, where it is. */
function Unlisted () {
  const { listed = '' } = setting.value ?? {}
  const origins = entries.value.find(({ name }) => name === 'origin')?.value ?? []
  if (location.origin === listed || origins.includes(location.origin)) return null
  const allow = async (): Promise<void> => {
    await write({ options: { origin: [location.origin] } }, 'Both origins may call now.')
    await makeAll()
  }
  return (
    <div class='say blocked' role='status'>
      <Icon name='blocked' />
      <p><b>You are on {location.hostname} now, and every call is blocked.</b> The API allows <code>{listed}</code> only. That <code>{location.hostname}</code> is the same computer does not count: a browser compares letters.</p>
      <button class='btn main' type='button' onClick={() => { allow().catch(() => {}) }}>Allow both</button>
    </div>
  )
}
