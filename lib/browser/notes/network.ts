import { addressSpace, reachesInward } from '../network.js'
import type { Outcome } from '../outcome.js'
import type { CorsNote } from '../verdict.js'

/** Notes on requests that the browser does not send, or sends only if its user permits. */
export function networkNotes ({ request, blocked }: Outcome): CorsNote[] {
  const { url, origin } = request
  const isInward = reachesInward(origin, url)
  if (blocked?.failure.name === 'BlockedPort') {
    return [{
      code: 'blocked-port',
      message: `Port ${url.port} is one of those that browsers never call, because other services than the web's own listen there.`,
      fix: 'Let the server listen on another port, such as 3000 or 8080.',
      where: 'server'
    }]
  }
  if (blocked?.failure.name === 'MixedContent') {
    const secure = new URL(url)
    secure.protocol = 'https:'
    const excepted = isInward ? ' Chromium makes an exception for private addresses once its user allows it.' : ''
    return [{
      code: 'mixed-content',
      message: `The page came over https, and ${url.host} is called over plain http: browsers block that as mixed content, whatever the server answers.${excepted}`,
      fix: request.previousUrls.length === 0
        ? `Serve the API over https and call ${secure.href}, or let the server of the page pass the calls on.`
        : `Call ${secure.href} directly, and let the server redirect to https: behind a proxy it has to trust X-Forwarded-Proto.`,
      where: 'server'
    }, ...isInward ? [localNetwork(origin, url)] : []]
  }
  // That Chromium asks its user does not explain why a call is blocked.
  const isMatter = isInward && (blocked === null || !origin.startsWith('https:'))
  return isMatter ? [localNetwork(origin, url)] : []
}

function localNetwork (origin: string, url: URL): CorsNote {
  const place = addressSpace(url.hostname) === 'loopback' ? 'this machine' : 'a local network'
  return origin.startsWith('https:')
    ? {
        code: 'local-network',
        message: `A page from the internet calls ${url.hostname}, on ${place}: Chromium asks its user first, and no header has a say in it.`,
        fix: 'Tell users to allow access to the local network when the browser asks, or serve the page from there too.',
        where: 'page'
      }
    : {
        code: 'local-network',
        message: `A page from the internet calls ${url.hostname}, on ${place}: Chromium refuses that to pages that are not served over https, whatever the server answers.`,
        fix: 'Serve the page over https: then Chromium asks its user.',
        where: 'page'
      }
}
