import { Icon, type IconName } from './icon.js'
import type { Station } from './stations.js'
import type { Kind } from './telling.js'

const ENDS: Readonly<Record<Kind, IconName>> = { allowed: 'yes', but: 'but', blocked: 'stop', waiting: 'waiting' }

function iconOf ({ state }: Station, kind: Kind): IconName {
  if (state === 'done') return 'allowed'
  return state === 'end' || state === 'stop' ? ENDS[kind] : state
}

/** True if the call went on after a station. */
function goesOn ({ state }: Station): boolean {
  return state === 'done' || state === 'skip'
}

/** The way of a call, and the place where it stopped. */
export function Way ({ stations, kind }: { stations: readonly Station[], kind: Kind }) {
  return (
    <div class={stations.length > 4 ? 'wayroom long' : 'wayroom'}>
      <ol class='way' aria-label='The way'>
        {stations.map((station, i) => (
          <li key={i} class={[station.state, goesOn(station) ? '' : 'cut', station.state === 'stop' || station.state === 'end' ? kind : ''].join(' ')}>
            <Icon name={iconOf(station, kind)} moves={station.state === 'end' && kind === 'waiting'} />
            <b>{station.name}</b>
            <code>{station.code}</code>
            <span>{station.says}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}

const SHAPES: Readonly<Record<Kind, (x: number) => string>> = {
  allowed: x => `M${x - 5} 5a5 5 0 0 0 10 0a5 5 0 0 0-10 0`,
  blocked: x => `M${x - 2} 0h4l3 3v4l-3 3h-4l-3-3V3z`,
  but: x => `M${x}-1l6 11h-12z`,
  waiting: x => `M${x - 4} 5a4 4 0 0 0 8 0a4 4 0 0 0-8 0h2a2 2 0 0 1 4 0a2 2 0 0 1-4 0`
}

/** The way in small, beside words that say the same. */
export function MiniWay ({ stations, kind }: { stations: readonly Station[], kind: Kind }) {
  const places = stations.map((station, i) => ({ station, x: 4 + 15 * i }))
  const dots = (states: ReadonlyArray<Station['state']>): string =>
    places.filter(({ station }) => states.includes(station.state)).map(({ x }) => `M${x} 5h0`).join('')
  const lines = (going: boolean): string =>
    places.slice(0, -1).filter(({ station }) => goesOn(station) === going).map(({ x }) => `M${x + 4} 5h7`).join('')
  return (
    <svg class='mini' viewBox='0 0 54 10' aria-hidden='true'>
      <path d={lines(true)} />
      <path class='dot' d={lines(false)} />
      <path class='big' d={dots(['done'])} />
      <path class='sm' d={dots(['skip', 'never'])} />
      <path class='m' d={places.filter(({ station: { state } }) => state === 'stop' || state === 'end').map(({ x }) => SHAPES[kind](x)).join('')} />
    </svg>
  )
}
