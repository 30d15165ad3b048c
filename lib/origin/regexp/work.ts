/** Thrown inside an analysis that would take too long, and turned into a problem by its caller. */
export class TooMuchWork extends Error {}

/**
 * What one expression may cost. In the order of ten milliseconds at worst; a typical expression takes some
 * hundred steps.
 */
const MOST_STEPS = 120_000

/** Counts the steps of an analysis, so that no expression whatever can make it slow. */
export class Work {
  #left = MOST_STEPS

  /** @throws TooMuchWork when the allowance is used up. */
  spend (steps: number): void {
    this.#left -= steps
    if (this.#left < 0) throw new TooMuchWork()
  }
}
