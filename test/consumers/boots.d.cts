export function boots (Fastify: unknown, corsPlugin: unknown): Promise<void>
