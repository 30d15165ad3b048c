// Runs the TypeScript of this project as it stands: each file is transpiled once and kept, since a test process loads a
// hundred of them. The types are checked by `npm run test:types`.
import { register } from 'node:module'
import './require.cjs'

register('./import.mjs', import.meta.url)
