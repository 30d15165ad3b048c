/** A map that drops its oldest entry rather than grow beyond its capacity. */
export class BoundedMap<K, V> extends Map<K, V> {
  constructor (private readonly capacity: number) {
    super()
  }

  override set (key: K, value: V): this {
    const [oldest] = this.keys()
    if (oldest !== undefined && this.size === this.capacity && !this.has(key)) this.delete(oldest)
    return super.set(key, value)
  }

  /** The value of a key, which is made on first need. */
  remember (key: K, make: () => V): V {
    const known = this.get(key)
    if (known !== undefined) return known
    const made = make()
    this.set(key, made)
    return made
  }
}
