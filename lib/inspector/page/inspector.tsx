import { render } from 'preact'
import { App } from './app.js'
import { feed } from './state.js'
import './parts/parts.css'
import './inspector.css'

feed.open()
keepFocus()
render(<App />, document.body)

/** Moves the focus to the view when the focused element is removed, such as "Undo": a browser would start at the top again. */
function keepFocus (): void {
  let last: Element | null = null
  addEventListener('focusin', ({ target }) => { last = target instanceof Element ? target : null })
  new MutationObserver(() => {
    if (last?.isConnected !== false || document.activeElement !== document.body) return
    document.getElementById('main')?.focus()
  }).observe(document.body, { childList: true, subtree: true })
}
