import { render } from 'preact'
import { App } from './app.js'
import { show } from './policy.js'
import { feed, load } from './setting.js'
import '../../../lib/inspector/page/parts/parts.css'
import './demo.css'

feed.open()
show((await load()).policy)
// Cookies know no ports: the API gets it too, where the page is of the same host (RFC 6265, section 8.5).
document.cookie = 'session=demo; SameSite=Lax'
render(<App />, document.body)
