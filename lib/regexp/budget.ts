/** Thrown inside an analysis that would take too long, and turned into a problem by its caller. */
export class TooMuchWork extends Error {}

/**
 * What one expression may cost: some thirty to forty milliseconds at worst, in a process that has just started. A typical
 * expression takes two to five thousand steps.
 */
const MOST_STEPS = 70_000

/** What all that is looked at together may cost: one expression of the worst kind, or sixteen to forty ordinary ones. */
const MOST_STEPS_TOGETHER = 85_000

/** What is left of that in lists so long that they take much of the time themselves: ten ordinary expressions' worth. */
const LEAST_STEPS_TOGETHER = 35_000

/** What an entry of any kind takes, in steps: ten thousand of them leave the least. */
const STEPS_OF_ENTRY = 5

/** Counts the steps of analyses, so that no expression whatever can make them slow, and no list of expressions. */
export class Work {
  #left: number
  readonly #whole: Work | null

  private constructor (most: number, whole: Work | null) {
    this.#left = most
    this.#whole = whole
  }

  /**
   * For several expressions, one after the other.
   *
   * @param entries of the list that they are in, whatever they are: all of it has to be judged in one time
   */
  static ofMany (entries: number): Work {
    return new Work(Math.max(LEAST_STEPS_TOGETHER, MOST_STEPS_TOGETHER - STEPS_OF_ENTRY * entries), null)
  }

  /** For one of them. */
  ofOne (): Work {
    return new Work(MOST_STEPS, this)
  }

  /** The steps that are left. */
  get left (): number {
    return this.#left
  }

  get isTooMuch (): boolean {
    return this.#left < 0
  }

  /** @throws TooMuchWork when the allowance is used up. */
  spend (steps: number): void {
    this.#left -= steps
    if (this.isTooMuch) throw new TooMuchWork()
    this.#whole?.spend(steps)
  }
}
