/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-folder-cycles', scope: 'folder', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'lib-stands-alone',
      comment: 'functions call lib, never the other way round; nothing deployed knows tools or test',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(functions|tools|test|bridge\\.config\\.ts)' },
    },
    {
      name: 'functions-call-lib',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(functions|tools|test)/' },
    },
    {
      name: 'brevo-knows-no-aws',
      severity: 'error',
      from: { path: '^lib/brevo/' },
      to: { path: '(aws|^lib/(?!brevo/|runtime/(parse|version)\\.ts))' },
    },
    {
      name: 'texts-are-pure',
      severity: 'error',
      from: { path: '^lib/texts/' },
      to: { dependencyTypes: ['core'], path: '.' },
    },
    {
      name: 'no-development-packages-in-production',
      severity: 'error',
      from: { path: '^(functions|lib)/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'page-runs-in-a-browser',
      comment: 'types alone come from outside of the console’s page',
      severity: 'error',
      from: { path: '^tools/console/page/' },
      to: { pathNot: '^(tools/console/page/|tools/console/state\\.ts$|node_modules/(preact|@preact)/)' },
    },
  ],
  options: {
    // dependency-cruiser cannot use TypeScript 7 yet; swc parses the same sources.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  },
};
