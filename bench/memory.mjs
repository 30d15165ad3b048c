import { resultOf } from './processes.mjs'
import { summary } from './statistics.mjs'

/** The name of what {@link measureMemory} measures. */
export const MEMORY = 'million-origins'

const LIMITS = { seconds: 3, bytesEach: 250 }

/** What a million exact origins cost at boot. These figures have a limit of their own and no baseline. */
export async function measureMemory (rounds) {
  const results = []
  for (let round = 0; round < rounds; round++) results.push(await resultOf('memory-once.mjs'))
  return {
    name: MEMORY,
    title: 'a million exact origins: compiling them',
    figures: [
      { figure: 'seconds', ...summary(results.map(({ seconds }) => seconds)), limit: LIMITS.seconds },
      { figure: 'bytes each, beside their text', ...summary(results.map(({ bytesEach }) => bytesEach)), limit: LIMITS.bytesEach }
    ]
  }
}
