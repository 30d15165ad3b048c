// A process that does nothing but make an application ready. boot.mjs starts it.
const Fastify = require('fastify')

const [plugin] = process.argv.slice(2)

const app = Fastify()
if (plugin !== 'bare') app.register(require(plugin), { origin: ['https://app.example.com'] })
// From the start of the process.
app.ready(() => process.stdout.write(String(performance.now())))
