import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

/** The Redis of `REDIS_URL`, or one of its own on a free port, which keeps nothing on disk. */
export async function startRedis () {
  if (process.env.REDIS_URL) return { url: process.env.REDIS_URL, stop () {} }
  const port = await freePort()
  const server = spawn('redis-server', ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  await new Promise((resolve, reject) => {
    server.once('error', () => reject(new Error('redis-server is missing: "sudo apt-get install -y redis-server", or set REDIS_URL')))
    server.once('exit', code => reject(new Error(`redis-server ended with ${code}`)))
    server.stdout.on('data', text => { if (String(text).includes('Ready to accept connections')) resolve() })
  })
  return { url: `redis://127.0.0.1:${port}`, stop: () => server.kill() }
}

function freePort () {
  return new Promise(resolve => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(String(port)))
    })
  })
}
