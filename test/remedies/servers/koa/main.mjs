import Koa from 'koa'
import Router from '@koa/router'

const app = new Koa()
// REMEDY
app.use((ctx, next) => {
  if (ctx.path === '/private' && ctx.get('Cookie') === '') ctx.status = 401
  else return next()
})
const router = new Router()
router.register(['/items', '/private'], ['GET', 'PUT'], ctx => {
  ctx.set('X-Total-Count', '2')
  ctx.body = []
})
app.use(router.routes())
app.listen('@PORT@', '127.0.0.1')
