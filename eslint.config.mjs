import neostandard from 'neostandard'
import tseslint from 'typescript-eslint'

const sources = ['lib/**/*.{ts,mts,cts,tsx}', 'examples/demo/page/*.{ts,tsx}']

export default [
  ...neostandard({ ts: true, ignores: ['dist', '**/dist', '.tap', 'coverage', 'lib/inspector/assets'] }),
  ...tseslint.configs.strictTypeChecked.map(config => ({ ...config, files: sources })),
  {
    files: sources,
    // The program of the build alone: a program with the tests has the types of every package that they use.
    // Pages have programs of their own.
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.build.json', 'lib/inspector/page/tsconfig.json', 'examples/demo/page/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname
      }
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // What `require` gives is a function, with types beside it: nothing but a namespace says that.
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
      // Fastify tells by the word whether a plugin or a hook takes a callback.
      '@typescript-eslint/require-await': 'off',
      'no-restricted-syntax': ['error', { selector: 'PrivateIdentifier', message: 'Write private: one spelling is enough.' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `return this.known ??= make()` is how values that are made on first need are written here.
      'no-return-assign': 'off'
    }
  }
]
