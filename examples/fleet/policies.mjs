/** How often the policy is read again, should a message be lost nevertheless: in milliseconds. */
const READ_AGAIN = 30_000

/**
 * Keeps a server on the policy that is in the database. A message through Redis only says that it has changed: what it is
 * now is read from the database, so that neither the order of messages nor a lost one matters. Redis forgets who
 * subscribed when it restarts; so the server subscribes anew on every connection, and then reads.
 *
 * @param cors - `fastify.cors` of the context
 * @param read - reads the policy; must end, with an error where the database does not answer
 * @param redis - a client; messages need a connection of their own
 * @returns what stops it
 */
export async function followPolicy ({ cors, read, redis, channel, log }) {
  const subscriber = redis.duplicate({ lazyConnect: true, autoResubscribe: false })
  let isReading = false
  let isOutdated = false

  async function apply () {
    isOutdated = true
    if (isReading) return
    isReading = true
    while (isOutdated) {
      isOutdated = false
      try {
        // All or nothing: where the policy can't work or is not safe, this throws, and the one in force stays.
        cors.reconfigure(await read())
      } catch (error) {
        log.error(error, 'The CORS policy in the database is not put in force')
      }
    }
    isReading = false
  }

  subscriber.on('error', error => log.warn(`Redis: ${error.message}`))
  subscriber.on('message', apply)
  subscriber.on('ready', async () => {
    // First subscribed, then read: a change in between comes as a message.
    await subscriber.subscribe(channel).catch(error => log.warn(`Redis: ${error.message}`))
    await apply()
  })
  subscriber.connect().catch(error => log.warn(`Redis: ${error.message}`))
  await apply()
  const timer = setInterval(apply, READ_AGAIN)
  return () => {
    clearInterval(timer)
    subscriber.disconnect()
  }
}
