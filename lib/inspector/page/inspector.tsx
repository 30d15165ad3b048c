import { render } from 'preact'
import { App } from './app.js'
import { keepFocus } from './focus.js'
import { feed } from './state.js'
import './parts/parts.css'
import './inspector.css'

feed.open()
keepFocus()
render(<App />, document.body)
