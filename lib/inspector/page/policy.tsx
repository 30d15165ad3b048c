import { signal } from '@preact/signals'
import { Copy } from './parts/code.js'
import { Icon } from './parts/icon.js'
import { table } from './state.js'
import type { CorsFinding } from '../../introspection/finding.js'
import type { PlacedRoute, PolicyTable } from '../../introspection/controller.js'
import type { PolicyDescription } from '../../introspection/description.js'

const onlyFindings = signal(false)

/** Every route with its policy, and the findings of the audit. */
export function Policy () {
  const { contexts = [], routes = [], findings = [] } = table.value ?? {}
  return (
    <section class='page' aria-label='Policy'>
      <header>
        <div>
          <h2>Who may call what</h2>
          <p>{count(routes.length, 'route')}. {findings.length === 0 ? 'Nothing stands out.' : `${count(findings.length, 'finding')} about what will not work from a page as it is meant to.`}</p>
        </div>
        <label class='check'><input type='checkbox' checked={onlyFindings.value} onChange={event => { onlyFindings.value = event.currentTarget.checked }} /> Only routes with findings</label>
      </header>
      <div class='tbl'>
        <table aria-label='Routes and their policies'>
          <thead role='rowgroup'>
            <tr role='row'>
              {['Route', 'Decided by', 'Origins', 'Methods', 'Cookies', 'What will not work'].map(name => <th key={name} role='columnheader' scope='col'>{name}</th>)}
            </tr>
          </thead>
          {contexts.map(context => <Context key={context.prefix} context={context} routes={routes.filter(route => route.context === context.prefix)} findings={findings} />)}
        </table>
      </div>
    </section>
  )
}

interface ContextProps {
  context: PolicyTable['contexts'][number]
  routes: readonly PlacedRoute[]
  findings: readonly CorsFinding[]
}

function Context ({ context: { prefix, policy }, routes, findings }: ContextProps) {
  const rows = routes.map(route => ({ route, about: findings.filter(finding => isAbout(finding, route)) }))
  const general = findings.filter(finding => finding.route === null)
  const shown = rows.filter(({ about }) => !onlyFindings.value || about.length > 0)
  return (
    <tbody class='ctx' role='rowgroup'>
      <tr role='row'>
        <th role='rowheader' colSpan={6} scope='rowgroup'>
          <b>Context <code>{prefix}</code></b> · {policy === false ? 'CORS is off' : <>pages of <code>{originsOf(policy)}</code> may use {methodsOf(policy)}, {policy.credentials ? 'with' : 'without'} cookies</>}
          {prefix === '/' && general.map(finding => <Finding key={finding.message} finding={finding} />)}
        </th>
      </tr>
      {shown.map(({ route, about }) => <Row key={`${route.method} ${route.url}`} route={route} findings={about} />)}
    </tbody>
  )
}

/** True for a finding about a route: it names the route as it was written, with all its methods, or a URL. */
function isAbout ({ route: name }: CorsFinding, { method, url }: PlacedRoute): boolean {
  if (name === null) return false
  const [methods, path] = name.includes(' ') ? [name.slice(0, name.lastIndexOf(' ')), name.slice(name.lastIndexOf(' ') + 1)] : [method, name]
  return path === url && methods.split(', ').includes(method)
}

function Row ({ route: { method, url, source, policy }, findings }: { route: PlacedRoute, findings: readonly CorsFinding[] }) {
  const same = source === 'context' ? 'same' : undefined
  return (
    <tr role='row'>
      <td role='cell' class='r'><i>{method}</i> {url}</td>
      <td role='cell' class={same}>{source === 'route' ? <span class='own'>this route</span> : policy !== false && policy.delegator ? 'a delegator' : 'the context'}</td>
      <td role='cell' class={same}>{policy === false ? 'CORS is off' : originsOf(policy)}</td>
      <td role='cell' class={same}>{policy === false ? '–' : methodsOf(policy)}</td>
      <td role='cell' class={same}>{policy === false ? '–' : policy.credentials ? 'yes' : 'no'}</td>
      <td role='cell' class='find'>{findings.map(finding => <Finding key={finding.code} finding={finding} />)}</td>
    </tr>
  )
}

function Finding ({ finding: { message, fix, route } }: { finding: CorsFinding }) {
  return (
    <>
      <p><Icon name='but' /><span><span class='vh'>Finding: </span>{message}.</span></p>
      {fix !== null && <p class='fix'><code>{fix}</code><Copy text={fix} what={`the fix for ${route ?? 'the context'}`} /></p>}
    </>
  )
}

function originsOf ({ origin }: PolicyDescription): string {
  if (origin === true || origin === '*') return 'any origin'
  if (origin === 'function') return 'origins that a function allows'
  return [origin].flat().map(entry => String(entry).replace(/^https?:\/\//, '')).join(', ')
}

function methodsOf ({ methods }: PolicyDescription): string {
  return methods === '*' ? 'every method' : methods.join(', ')
}

function count (number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
