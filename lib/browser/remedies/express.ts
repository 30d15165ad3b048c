import { corsOptions } from './cors-options.js'
import type { Grant } from './grant.js'

/** Express, with `cors`. */
export function express (grant: Grant): string {
  return `// Before the routes, and before anything that asks for a login. Install it: npm install cors
import cors from 'cors'

app.use(cors({
${corsOptions(grant)}
}))
`
}
