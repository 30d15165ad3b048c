// A small harness of its own: benchmark libraries time one candidate after the other, so that what the machine does
// meanwhile (its clock, its other load) ends up in their comparison. Here all candidates take turns of half a
// millisecond, forwards and backwards, and each round gives one ratio: what disturbs one disturbs all.
import { summary } from './statistics.mjs'

const TURNS = 8
const MILLISECONDS_OF_A_TURN = 0.5
const WARM_UP_PASSES = 12
const MILLISECONDS_OF_A_PASS = 40

/**
 * Times candidates against each other.
 *
 * @param candidates - by name, what makes so many calls and gives the milliseconds that they took
 * @param pairs - which candidates to compare: the time of the first, divided by that of the second
 * @param rounds - how many ratios there shall be of each pair
 * @returns the microseconds per call of each candidate, and the ratio of each pair
 */
export async function compare (candidates, { pairs, rounds }) {
  const names = Object.keys(candidates)
  const counts = await warmUp(candidates)
  const times = Object.fromEntries(names.map(name => [name, []]))
  for (let round = 0; round < rounds; round++) {
    // Young garbage is everybody's own affair, and is counted; what is collected at last is everybody's together.
    if (round % 50 === 0) globalThis.gc?.()
    const sums = Object.fromEntries(names.map(name => [name, 0]))
    for (let turn = 0; turn < TURNS; turn++) {
      for (const name of turn % 2 === 0 ? names : names.toReversed()) sums[name] += await candidates[name](counts[name])
    }
    for (const name of names) times[name].push(sums[name] / TURNS / counts[name])
  }
  return {
    microseconds: Object.fromEntries(names.map(name => [name, summary(times[name].map(time => time * 1000))])),
    ratios: pairs.map(([of, to]) => ({ of, to, ...summary(times[of].map((time, round) => time / times[to][round])) }))
  }
}

/** Runs all until the compiler has seen what it needs; how many calls of each make up a turn. */
async function warmUp (candidates) {
  const counts = {}
  for (let pass = 0; pass < WARM_UP_PASSES; pass++) {
    for (const [name, run] of Object.entries(candidates)) counts[name] = await callsOfATurn(run)
  }
  return counts
}

async function callsOfATurn (run) {
  let calls = 0
  let time = 0
  for (let next = 1; time < MILLISECONDS_OF_A_PASS; next = Math.min(next * 2, 1000)) {
    time += await run(next)
    calls += next
  }
  return Math.max(1, Math.round(calls * MILLISECONDS_OF_A_TURN / time))
}
