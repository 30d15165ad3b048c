/** The icons, each in a square of 16. */
const DRAWINGS = {
  allowed: <><circle cx={8} cy={8} r={6.5} /><path d='m5 8.2 2.1 2.1L11 6.2' /></>,
  blocked: <path d='M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3zM5.8 5.8l4.4 4.4m0-4.4-4.4 4.4' />,
  but: <path d='M8 1.8 14.8 14H1.2zM8 6.3v3.6m0 2v.1' />,
  waiting: <><circle cx={8} cy={8} r={6.5} stroke-dasharray='2.6 2.5' /><path d='M8 4.8V8l2 1.4' /></>,
  stop: (
    <>
      <path fill='currentColor' d='M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3z' />
      <path class='hollow' d='m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8' />
    </>
  ),
  yes: <><circle cx={8} cy={8} r={6.5} fill='currentColor' /><path class='hollow' d='m5 8.2 2.1 2.1L11 6.2' /></>,
  never: <circle cx={8} cy={8} r={6.5} stroke-dasharray='1.2 2.2' />,
  skip: <><circle cx={8} cy={8} r={6.5} /><path d='M5.5 8h5' /></>,
  copy: <><rect x={5.5} y={5.5} width={8} height={8} rx={1.5} /><path d='M10.5 3v-.5h-8v8H3' /></>,
  pause: <path d='M5.5 3.5v9m5-9v9' />,
  go: <path d='M6 3.5 10.5 8 6 12.5' />,
  back: <path d='M9.5 3.5 5 8l4.5 4.5' />,
  live: <><circle cx={8} cy={8} r={2.2} fill='currentColor' /><path d='M4 12a5.6 5.6 0 0 1 0-8m8 0a5.6 5.6 0 0 1 0 8' /></>,
  lost: <path d='M2 2l12 12M4.5 11.5a5 5 0 0 1-.6-6.6M11.8 4.5a5 5 0 0 1 .5 6' />,
  remove: <path d='m4 4 8 8m0-8-8 8' />,
  add: <path d='M8 3v10M3 8h10' />,
  logo: <path d='M1.5 8h4m5 0h4M8 2v12m-4.2-8.2L6 8l-2.2 2.2' />
}

export type IconName = keyof typeof DRAWINGS

/** An icon beside words that say the same, so that screen readers skip it. */
export function Icon ({ name, moves = false }: { name: IconName, moves?: boolean }) {
  return <svg viewBox='0 0 16 16' aria-hidden='true' class={moves ? 'spin' : undefined}>{DRAWINGS[name]}</svg>
}
