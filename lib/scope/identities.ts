/** Numbers objects, so that a text can say which one is meant. */
export class Identities {
  private readonly numbers = new WeakMap<object, number>()
  private last = 0

  of (value: object): number {
    const known = this.numbers.get(value)
    if (known !== undefined) return known
    this.numbers.set(value, ++this.last)
    return this.last
  }
}
