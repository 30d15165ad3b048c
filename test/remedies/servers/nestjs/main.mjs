import 'reflect-metadata'
import { Controller, Get, Header, Module, Put } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'

// As TypeScript's decorators, written out.
class Items {
  list () { return [] }
  replace () { return [] }
}
Controller(['items', 'private'])(Items)
for (const [name, route] of [['list', Get()], ['replace', Put()]]) {
  const descriptor = Object.getOwnPropertyDescriptor(Items.prototype, name)
  route(Items.prototype, name, descriptor)
  Header('X-Total-Count', '2')(Items.prototype, name, descriptor)
}
class Root {}
Module({ controllers: [Items] })(Root)

const app = await NestFactory.create(Root, { logger: false })
// REMEDY
app.use('/private', (request, response, next) => {
  if (request.headers.cookie === undefined) response.status(401).end()
  else next()
})
await app.listen('@PORT@', '127.0.0.1')
