// The plugin is bundled, which Vite does with what is linked into a workspace; other packages stay outside.
export default { build: { ssr: 'app.mjs' }, ssr: { noExternal: ['fastify-cors-policy'] } }
