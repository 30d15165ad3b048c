import test from 'node:test'
import Fastify from 'fastify'
import corsPlugin from 'fastify-cors-policy'
import { boots } from './boots.cjs'

test('the plugin boots', () => boots(Fastify, corsPlugin))
