import { Copy } from './parts/code.js'
import { Way } from './parts/way.js'

/** The next step, shown until the first call. */
export function Empty () {
  // The page has the origin of the API.
  const api = location.origin
  const call = `await fetch('${api}/')`
  return (
    <div class='empty'>
      <header>
        <h2>Waiting for the first call</h2>
        <p class='lead'>As soon as a page of another origin calls your API, the call stands here: where it went, where it stopped, and what to write so that it works.</p>
      </header>
      <div class='card'>
        <Way
          kind='waiting' stations={[
            { name: 'Page', code: 'your frontend', says: 'calls fetch()', state: 'done' },
            { name: 'Preflight', code: 'OPTIONS', says: 'may I? (not always needed)', state: 'never' },
            { name: 'Request', code: 'GET, PUT …', says: 'the call itself', state: 'never' },
            { name: 'Script', code: 'the answer', says: 'read, or kept from it', state: 'never' }
          ]}
        />
      </div>
      <ol class='steps2'>
        <li><div><b>Leave this page open</b>, and open your frontend in another tab.</div></li>
        <li>
          <div>
            <b>Do there what fails.</b> Or paste this into its console (F12):
            <div class='codebox oneline'>
              <pre tabIndex={0} role='region' aria-label='A call to paste'><code>{call}</code></pre>
              <Copy text={call} what='the call' />
            </div>
          </div>
        </li>
        <li><div><b>Come back.</b> The call is here, with its reason. No frontend yet? <a href='#try'>Try it</a> plays the browser for you.</div></li>
      </ol>
      <details>
        <summary>I called, and nothing shows</summary>
        <ul>
          <li>Does your page call <code>{api}</code>? A frontend with a proxy of its own (Vite: <code>server.proxy</code>) calls its own address, and needs no CORS.</li>
          <li>Is the page itself served from <code>{api}</code>? Then it is the same origin, and nothing is blocked.</li>
          <li>Does the console say <code>ERR_CONNECTION_REFUSED</code>? Then the API is not running, or on another port.</li>
        </ul>
      </details>
    </div>
  )
}
