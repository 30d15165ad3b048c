/** A map that lets its oldest entry go where it would grow beyond its capacity: for what comes with requests. */
export class BoundedMap<K, V> extends Map<K, V> {
  constructor (private readonly capacity: number) {
    super()
  }

  override set (key: K, value: V): this {
    const [oldest] = this.keys()
    if (oldest !== undefined && this.size === this.capacity && !this.has(key)) this.delete(oldest)
    return super.set(key, value)
  }
}
