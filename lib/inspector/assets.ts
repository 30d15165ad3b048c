import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file of the page. */
interface Asset {
  readonly type: string
  readonly content: Buffer
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['inspector.js', 'text/javascript; charset=utf-8'],
  ['inspector.css', 'text/css; charset=utf-8'],
  ['icon.svg', 'image/svg+xml']
])

/** @returns `null` if there is no such file */
export function asset (name: string): Asset | null {
  const type = TYPES.get(name)
  return type === undefined ? null : { type, content: readFileSync(join(__dirname, 'assets', name)) }
}

/** The page, whose script draws all that is to see. */
export function pageOf (path: string): string {
  const base = path.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>CORS inspector</title>
<link rel="icon" href="${base}/assets/icon.svg">
<link rel="stylesheet" href="${base}/assets/inspector.css">
<script type="module" src="${base}/assets/inspector.js"></script>
<body>
<noscript>The inspector is a page of scripts: allow them for this address.</noscript>
</html>
`
}
