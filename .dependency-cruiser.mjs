// The arrows of this repository: who may import whom. A violation prints the rule's comment, which
// says what to do instead. Type-only imports count too: a type is a dependency like any other.
import { Visitor } from '@swc/core/Visitor.js';

// The walker that SWC ships stops at statements newer than itself; `using` is one. Its initialisers
// are walked like those of a const, so that an import() in there is seen too.
const { visitStatement } = Visitor.prototype;
Visitor.prototype.visitStatement = function visitNewStatements(statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  this.visitVariableDeclarators(statement.decls);
  return statement;
};

/** Matches a package wherever npm put it, and also when it is not installed at all. */
const packages = (...names) => `(?:^|node_modules/)(?:${names.join('|')})(?:/|$)`;

/** Code that ships. Tests, scripts and the benchmark may talk to the real thing directly. */
const shipped = '^(?:proto|packages|services|clients|bridges|deploy)/.*src/';
const workspace = '^((?:packages|services|clients|bridges|deploy)/[^/]+|proto|bench)/';
const testCode = '(?:^|/)test/';

const readable = (patterns) =>
  patterns.map((pattern) => pattern.replaceAll('[^/]+', '*').replace('(?:er)?', '')).join(', ');

/** One SDK, one place: everything else goes through the port that place offers. */
const oneSdkOnePlace = ({ sdk, names, places, instead }) => ({
  name: `one-place-for-${sdk}`,
  severity: 'error',
  comment: `${instead} Only ${readable(places)} may import ${readable(names)}.`,
  from: { path: shipped, pathNot: places.map((place) => `^${place}/`) },
  to: { path: packages(...names) },
});

const vendor = (name) => `services/providers/src/${name}`;

const sdkPlaces = [
  {
    sdk: 'nats',
    names: ['@nats-io/[^/]+', 'nats'],
    places: ['packages/service-kit/src/bus', 'packages/service-kit/src/credentials'],
    instead: 'Use the bus of @mosaic/service-kit (call, stream, publish, handle, subscribe).',
  },
  {
    sdk: 'bullmq',
    names: ['bullmq'],
    places: ['services/jobs/src/adapters'],
    instead: 'Ask the jobs service over the bus, or define the job with defineJob.',
  },
  {
    sdk: 'redis',
    names: ['ioredis', 'redis'],
    places: ['services/jobs/src/adapters', 'packages/service-kit/src/rate-limit(?:er)?'],
    instead: 'Use the rate limiter of @mosaic/service-kit, or a job.',
  },
  {
    sdk: 'anthropic',
    names: ['@anthropic-ai/sdk'],
    places: [vendor('anthropic')],
    instead: 'Ask the providers service over the bus.',
  },
  {
    sdk: 'openai',
    names: ['openai'],
    places: ['openai', 'openrouter', 'zai', 'openai-compatible'].map(vendor),
    instead: 'Ask the providers service over the bus.',
  },
  {
    sdk: 'ollama',
    names: ['ollama'],
    places: [vendor('ollama')],
    instead: 'Ask the providers service over the bus.',
  },
  {
    sdk: 'mcp',
    names: ['@modelcontextprotocol/sdk'],
    places: ['services/agents/src/tools/mcp'],
    instead: 'An MCP server is a tool like any other: agents call it through the toolbox.',
  },
  {
    sdk: 'http-door',
    names: ['express', 'better-auth', '@better-auth/[^/]+'],
    places: ['services/gateway/src'],
    instead:
      'Only the gateway faces clients: add a route there, or use the health port of the kit.',
  },
  {
    sdk: 'websocket',
    names: ['ws'],
    places: ['services/gateway/src', 'clients/tui/src'],
    instead: 'Services talk over the bus; only the gateway holds sockets.',
  },
  {
    sdk: 'sql',
    names: ['pg', 'pg-[^/]+', 'kysely'],
    places: [
      'packages/service-kit/src/database',
      'services/[^/]+/src/stores',
      'services/gateway/src/adapters',
    ],
    instead: 'Write the query in the stores/ folder of the service and run it through asUser.',
  },
  {
    sdk: 'react',
    names: ['react', 'react-dom', 'react-markdown'],
    places: ['clients/web/src'],
    instead: 'Rendering for the browser belongs in clients/web.',
  },
  {
    sdk: 'terminal-ui',
    names: ['@earendil-works/pi-tui'],
    places: ['clients/tui/src'],
    instead: 'Rendering for the terminal belongs in clients/tui.',
  },
  {
    sdk: 'embedded-database',
    names: ['@electric-sql/[^/]+'],
    places: ['packages/embedded-servers/src'],
    instead: 'Reach the database over its wire with the database module of @mosaic/service-kit.',
  },
];

const ioModules = [
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'fs',
  'http',
  'http2',
  'https',
  'net',
  'readline',
  'tls',
  'worker_threads',
].map((name) => `${name}(?:/promises)?`);

const ioPackages = [
  '@nats-io/[^/]+',
  'pg',
  'kysely',
  'ioredis',
  'bullmq',
  'ws',
  'express',
  'better-auth',
  '@anthropic-ai/sdk',
  'openai',
  'ollama',
  '@electric-sql/[^/]+',
];

const arrow = ({ name, comment, from, to }) => ({ name, severity: 'error', comment, from, to });

const layers = [
  arrow({
    name: 'proto-stands-alone',
    comment: 'proto is the contract everybody imports: move what it needs into proto.',
    from: { path: '^proto/', pathNot: testCode },
    to: { path: '^(?:packages|services|clients|bridges|deploy|bench)/' },
  }),
  arrow({
    name: 'packages-know-no-service',
    comment: 'packages/* serve the services: pass in what is needed as a parameter.',
    from: { path: '^packages/' },
    to: { path: '^(?:services|clients|bridges|deploy|bench)/' },
  }),
  arrow({
    name: 'services-stay-apart',
    comment:
      'Services never import each other: add a contract to proto and call it over the bus. What two services share belongs in packages/service-kit.',
    from: { path: '^services/([^/]+)/' },
    to: { path: '^services/', pathNot: '^services/$1/' },
  }),
  arrow({
    name: 'services-know-no-client',
    comment: 'A service knows only proto and packages/*: move what is shared into proto.',
    from: { path: '^services/' },
    to: { path: '^(?:clients|bridges|deploy|bench)/' },
  }),
  arrow({
    name: 'clients-know-proto-only',
    comment: 'A client talks to the gateway with the schemas of proto; import those instead.',
    from: { path: '^clients/', pathNot: testCode },
    to: { path: '^(?:packages|services|bridges|deploy|bench)/' },
  }),
  arrow({
    name: 'clients-stay-apart',
    comment: 'Clients never import each other: move what both need into proto.',
    from: { path: '^clients/([^/]+)/' },
    to: { path: '^clients/', pathNot: '^clients/$1/' },
  }),
  arrow({
    name: 'bridges-stay-apart',
    comment: 'A bridge knows only proto and the bus of packages/service-kit.',
    from: { path: '^bridges/([^/]+)/' },
    to: { path: '^(?:bridges|services|clients|deploy|bench)/', pathNot: '^bridges/$1/' },
  }),
  arrow({
    name: 'launcher-opens-the-terminal-only',
    comment: 'deploy/* starts services and the TUI; the web client is served as built files.',
    from: { path: '^deploy/', pathNot: testCode },
    to: { path: '^(?:bench|clients/(?!tui/))' },
  }),
  arrow({
    name: 'test-packages-only-in-tests',
    comment:
      'packages/test-kit and packages/embedded-servers are for tests, deploy/local and bench: production code takes a server address from its configuration.',
    from: {
      pathNot: [testCode, '^(?:deploy/local|bench|packages/test-kit|packages/embedded-servers)/'],
    },
    to: { path: '^packages/(?:test-kit|embedded-servers)/' },
  }),
  arrow({
    name: 'tests-are-not-imported',
    comment:
      'Shipped code never imports from a test/ folder: move the code to src/, or to packages/test-kit when only tests need it.',
    from: { pathNot: testCode },
    to: { path: '(?:^|/)test/', pathNot: 'node_modules' },
  }),
  arrow({
    name: 'tests-stay-in-their-workspace',
    comment:
      'A test imports no other workspace’s test/ folder: share it through packages/test-kit.',
    from: { path: `${workspace}test/` },
    to: { path: '(?:^|/)test/', pathNot: ['node_modules', '^$1/'] },
  }),
  arrow({
    name: 'import-workspaces-by-name',
    comment:
      'Import another workspace by its package name (@mosaic/…) and export what you need from its index.ts.',
    from: { path: workspace },
    to: {
      path: workspace,
      pathNot: '^$1/',
      dependencyTypes: ['local'],
      dependencyTypesNot: ['aliased-workspace'],
    },
  }),
];

const inside = [
  arrow({
    name: 'app-does-no-io',
    comment:
      'app/ is logic without I/O: take the thing as a parameter, describe it as a type in app/, and let main.ts hand in the adapter.',
    from: { path: '/src/app/', pathNot: '^clients/web/' },
    to: { path: [`^(?:node:)?(?:${ioModules.join('|')})$`, packages(...ioPackages)] },
  }),
  arrow({
    name: 'app-knows-no-adapter',
    comment:
      'app/ never imports adapters/ or stores/: describe the port as a type in app/ and let main.ts hand in the adapter.',
    from: { path: '/src/app/', pathNot: '^clients/web/' },
    to: { path: '/src/(?:adapters|stores)/', pathNot: 'node_modules' },
  }),
  arrow({
    name: 'no-cycles',
    comment:
      'These files need each other at run time: move the part that both need into a third file.',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  }),
  arrow({
    name: 'declared-packages-only',
    comment:
      'Add the package to the dependencies of this workspace (npm install -w <workspace> <package>).',
    from: { pathNot: 'node_modules' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  }),
];

export default {
  forbidden: [...layers, ...inside, ...sdkPlaces.map(oneSdkOnePlace)],
  options: {
    // TypeScript 7 no longer offers the parser that dependency-cruiser knows; SWC does.
    parser: 'swc',
    combinedDependencies: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '/\\.mosaic/', '/fixtures/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.d.ts', '.json'],
    },
  },
};
