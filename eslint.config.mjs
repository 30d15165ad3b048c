import neostandard from 'neostandard'
import tseslint from 'typescript-eslint'

export default [
  ...neostandard({ ts: true, ignores: ['dist', '.tap', 'coverage'] }),
  ...tseslint.configs.strictTypeChecked.map(config => ({ ...config, files: ['lib/**/*.ts', 'lib/**/*.mts', 'lib/**/*.cts'] })),
  {
    files: ['lib/**/*.ts', 'lib/**/*.mts', 'lib/**/*.cts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error'
    }
  }
]
