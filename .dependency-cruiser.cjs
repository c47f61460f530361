// The import rules of ARCHITECTURE.md. A broken one is an error: the layout is the architecture only while nothing cuts across it.
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment: 'The rules of money run in the server and in the browser: no I/O, no clock, no dependency.',
      severity: 'error',
      from: { path: '^domain/src', pathNot: '[.]test[.]ts$' },
      to: { pathNot: '^domain/src' },
    },
    {
      name: 'features-via-index',
      comment: 'A feature shows others only its index.ts, so that its insides can change alone.',
      severity: 'error',
      from: { path: '^server/src/features/([^/]+)/' },
      to: {
        path: '^server/src/features/',
        pathNot: ['^server/src/features/$1/', '^server/src/features/[^/]+/index[.]ts$'],
      },
    },
    {
      name: 'vendors-only-in-main',
      comment: 'Features know the interface of the outside world; only the composition roots choose who plays it.',
      severity: 'error',
      from: { path: '^server/src/features/', pathNot: '[.]test[.]ts$' },
      to: { path: '^server/src/adapters/', pathNot: '^server/src/adapters/[^/]+/(port|index)[.]ts$' },
    },
    {
      name: 'platform-knows-no-business',
      comment: 'Platform serves every feature, so it may depend on none.',
      severity: 'error',
      from: { path: '^server/src/platform/', pathNot: '[.]test[.]ts$' },
      to: { path: '^server/src/(features|adapters|main)/' },
    },
    {
      name: 'adapters-know-no-feature',
      comment: 'An adapter translates a vendor; the rules stay in the features.',
      severity: 'error',
      from: { path: '^server/src/adapters/', pathNot: '[.]test[.]ts$' },
      to: { path: '^server/src/(features|main)/' },
    },
    {
      name: 'nothing-imports-main',
      comment: 'Composition roots build things; what they build must not know them.',
      severity: 'error',
      // Tests build what the composition roots build.
      from: { pathNot: '^server/(src/main|test)/' },
      to: { path: '^server/src/main/' },
    },
    {
      name: 'clients-never-import-server',
      comment: 'Browser, SDK and journeys know the product by its public contract alone.',
      severity: 'error',
      from: { path: '^(web|sdk|e2e)/' },
      to: { path: '^server/' },
    },
    {
      name: 'web-features-apart',
      comment:
        'A feature of the web app never reaches into another; the app puts them together, and what two need is a component.',
      severity: 'error',
      from: { path: '^web/studio/src/features/([^/]+)/' },
      to: { path: '^web/studio/src/(features|app)/', pathNot: '^web/studio/src/features/$1/' },
    },
    {
      name: 'web-components-know-no-feature',
      comment: 'Components, API client and library serve every feature, so they may depend on none.',
      severity: 'error',
      from: { path: '^web/studio/src/(components|api|lib|i18n)/' },
      to: { path: '^web/studio/src/(features|app)/' },
    },
    { name: 'no-cycles', comment: 'Each arrow goes down.', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'An import that finds nothing is a typo or an undeclared package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '[?]raw$|^virtual:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '[.]gen[.]ts$|/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
