/** The walls of ARCHITECTURE.md. A folder imports itself and the folders listed here, nothing else; type imports count. */
const layers = {
  support: [],
  graph: ['support'],
  planner: ['support', 'graph'],
  revisions: ['support', 'graph'],
  schema: ['support'],
  operations: ['support'],
  dialects: ['support', 'schema', 'operations'],
  runtime: ['support', 'planner', 'operations', 'dialects'],
  environment: ['support', 'graph', 'revisions', 'operations', 'dialects', 'runtime'],
  commands: ['support', 'graph', 'planner', 'revisions', 'schema', 'operations', 'dialects', 'runtime', 'environment'],
  cli: ['support', 'graph', 'commands'],
};

const layerRules = Object.entries(layers).map(([layer, allowed]) => {
  const reachable = [layer, ...allowed].join('|');
  return {
    name: `layer-${layer}`,
    severity: 'error',
    comment: `src/${layer} imports only ${[layer, ...allowed].join(', ')}. Move the code inward, or pass the value in.`,
    from: { path: `^src/${layer}/` },
    to: { path: '^src/', pathNot: `^src/(${reachable})/` },
  };
});

const dialectNames = 'sqlite|postgresql|mysql';

export default {
  forbidden: [
    ...layerRules,
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle means two files are one. Join them, or move what both need below them.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'pure-folders-touch-nothing',
      severity: 'error',
      comment: 'No packages and no Node built-ins here: take the text, the clock or the connection as a parameter.',
      from: { path: '^src/(support|graph|planner|revisions|schema|operations|runtime)/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'dialects-are-islands',
      severity: 'error',
      comment: 'What two dialects share belongs in src/dialects itself.',
      from: { path: `^src/dialects/(${dialectNames})/` },
      to: { path: `^src/dialects/(${dialectNames})/`, pathNot: '^src/dialects/$1/' },
    },
    {
      name: 'only-the-registry-names-dialects',
      severity: 'error',
      comment: 'Ask src/dialects/registry.ts for a dialect; nothing else names one.',
      from: { path: '^src/', pathNot: `^src/dialects/(registry\\.ts|(${dialectNames})/)` },
      to: { path: `^src/dialects/(${dialectNames})/` },
    },
    {
      name: 'terminal-only-in-cli',
      severity: 'error',
      comment: 'yargs and chalk belong to src/cli: the library prints nothing.',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: 'node_modules/(yargs|chalk)/' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nothing imports this file: delete it, or use it.',
      from: { orphan: true, path: '^src/' },
      to: {},
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'This import leads nowhere.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs'],
    },
  },
};
