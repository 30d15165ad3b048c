import express from 'express'

const app = express()
// REMEDY
app.use('/private', (request, response, next) => {
  if (request.get('cookie') === undefined) response.status(401).end()
  else next()
})
app.all(['/items', '/private'], (request, response) => {
  if (!['GET', 'PUT'].includes(request.method)) response.status(405).end()
  else response.set('X-Total-Count', '2').json([])
})
app.listen('@PORT@', '127.0.0.1')
