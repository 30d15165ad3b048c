import { Session } from 'node:inspector'

/**
 * Hears which files the program loads, from whatever place: its functions need not be in the file that is given.
 *
 * @returns ends it, and gives their texts, without those of packages
 */
export function hearSources (): () => string[] {
  const session = new Session()
  session.connect()
  // Before anybody listens, since it tells of what is loaded already, too.
  session.post('Debugger.enable')
  const scripts: string[] = []
  session.on('Debugger.scriptParsed', ({ params: { url, scriptId } }) => {
    if (url.startsWith('file:') && !url.includes('/node_modules/')) scripts.push(scriptId)
  })
  return () => {
    const texts = scripts.map(scriptId => textOf(session, scriptId))
    // Not disconnected: with its debugger, V8 drops what it has counted for test coverage.
    session.removeAllListeners()
    return texts
  }
}

function textOf (session: Session, scriptId: string): string {
  let text = ''
  session.post('Debugger.getScriptSource', { scriptId }, (_error, { scriptSource }) => { text = scriptSource })
  return text
}
