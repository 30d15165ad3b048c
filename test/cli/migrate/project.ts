/** A project on `@fastify/cors` with ten routes, as one file. */
export const project = `import Fastify, { type FastifyInstance } from 'fastify';
import cors, { type FastifyCorsOptions } from '@fastify/cors';

const pages = ['https://app.example.com', 'https://admin.example.com'];

/** Partners sign up one by one. */
const partners = new Map([['https://partner.example', { active: true }], ['https://former.example', { active: false }]]);

const corsOptions: FastifyCorsOptions = {
  // Pages of ours, and of partners.
  origin: (origin: string | undefined, callback: (error: Error | null, allow: boolean) => void): void => {
    if (!origin) {
      callback(null, true); // curl, and our own servers
      return;
    }
    if (pages.includes(origin)) {
      return callback(null, true);
    }
    const partner = partners.get(origin);
    if (partner?.active === true) {
      callback(null, true);
    } else {
      callback(new Error(\`\${origin} is not allowed\`), false);
    }
  },
  methods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
  allowedHeaders: null,
  exposedHeaders: ['X-Total-Count'],
  credentials: true,
  maxAge: 60 * 60,
};

export default async function (app: FastifyInstance): Promise<void> {
  await app.register(cors, corsOptions);

  app.get('/health', { config: { cors: false } }, async () => 'ok');
  app.get('/users', async (_request, reply) => reply.header('X-Total-Count', '2').send(['Ada', 'Grace']));
  app.post('/users', async (_request, reply) => reply.code(201).send({ id: 3 }));
  app.get('/users/:id', async () => 'Ada');
  app.put('/users/:id', async () => 'saved');
  app.delete('/users/:id', async (_request, reply) => reply.code(204).send());
  app.get('/public/prices', { config: { cors: { origin: '*', credentials: false, exposedHeaders: null } } }, async () => [1, 2]);
  app.get('/admin/reports', { config: { cors: { origin: (origin: string, cb: (e: null, ok: boolean) => void) => cb(null, origin === 'https://admin.example.com') } } }, async () => []);
  app.get('/broken', async () => { throw new Error('broken'); });

  await app.register(async (partnersApi) => {
    partnersApi.post('/orders', async () => 'ordered');
  }, { prefix: '/partners' });
}

export { Fastify };
`

/** Its routes. */
export const routes: ReadonlyArray<readonly [method: string, url: string]> = [
  ['GET', '/health'], ['GET', '/users'], ['POST', '/users'], ['GET', '/users/1'], ['PUT', '/users/1'], ['DELETE', '/users/1'],
  ['GET', '/public/prices'], ['GET', '/admin/reports'], ['GET', '/broken'], ['POST', '/partners/orders']
]
