import { render } from 'preact'
import { App } from './app.js'
import { feed } from './state.js'
import './parts/parts.css'
import './inspector.css'

feed.open()
render(<App />, document.body)
