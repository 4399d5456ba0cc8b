// The import rules of the house (docs/architecture.md) as build errors. Type imports count.

/** Modules from low to high: each may import only what stands before it. */
const order = ['ledger', 'identity', 'settings', 'outreach', 'places', 'components', 'catalogue', 'matters', 'finding', 'cases', 'bulletin', 'opendata', 'callbacks', 'rounds', 'sensing', 'cameras', 'offices', 'open311', 'exchange', 'history', 'webhooks', 'changes'];
/** The kernel knows no place, component, code table or case: whatever is asked of it comes through a kind's declaration. */
const never = { matters: ['places', 'components', 'catalogue'] };

/** A role is a file, or a folder of the same name where it has grown too wide. */
const role = (names) => `^src/modules/([^/]+)/(${names})(\\.ts$|/)`;
const pure = 'contract|rules';

const upward = order.map((module, at) => {
  const above = [...order.slice(at + 1), ...(never[module] ?? [])];
  return {
    name: `${module}-imports-lower-modules-only`, severity: 'error',
    comment: 'A lower module tells a higher one by a ledger entry that the higher one follows.',
    from: { path: `^src/modules/${module}/` },
    to: { path: `^src/modules/(${above.join('|') || '(?!)'})/` },
  };
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: { path: '^src' }, to: { couldNotResolve: true, pathNot: '^virtual:' } },
    { name: 'no-undeclared-package', severity: 'error', from: { path: '^src' }, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] } },

    { name: 'base-imports-nobody', severity: 'error', from: { path: '^src/base/' }, to: { path: '^(src/(?!base/)|tests/|tools/|bench/)' } },
    { name: 'base-does-no-io', severity: 'error', from: { path: '^src/base/' }, to: { dependencyTypes: ['core'] } },
    { name: 'platform-imports-base', severity: 'error', from: { path: '^src/platform/' }, to: { path: '^src/(?!base/|platform/)' } },
    { name: 'html-imports-base', severity: 'error', from: { path: '^src/html/' }, to: { path: '^src/(?!base/|html/)' } },
    { name: 'modules-import-what-stands-below', severity: 'error', from: { path: '^src/modules/' }, to: { path: '^src/(?!base/|html/|platform/|modules/)' } },
    { name: 'demo-imports-what-stands-below', severity: 'error', from: { path: '^src/demo/' }, to: { path: '^src/(?!base/|html/|platform/|modules/|demo/)' } },
    { name: 'nobody-imports-entry', severity: 'error', from: { path: '^src/(?!entry/)' }, to: { path: '^src/entry/' } },
    { name: 'nobody-imports-web', severity: 'error', from: { path: '^src/(?!web/)' }, to: { path: '^src/web/' } },
    { name: 'web-imports-contracts-rules-base', severity: 'error', from: { path: '^src/web/' }, to: { path: '^src/', pathNot: `^src/(web|base)/|${role(pure)}|^src/platform/[^/]+/contract\\.ts$` } },
    { name: 'web-runs-in-a-browser', severity: 'error', from: { path: '^src/web/' }, to: { dependencyTypes: ['core'] } },
    { name: 'nothing-shipped-imports-tests-or-tools', severity: 'error', from: { path: '^src' }, to: { path: '^tests/|^bench/(?!commands\\.ts$)|^tools/(?!web\\.ts$)' } },
    {
      name: 'a-module-is-entered-by-its-front-door', severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^src/modules/', pathNot: `^src/modules/$1/|^src/modules/[^/]+/(index\\.ts$|(${pure})(\\.ts$|/))` },
    },
    {
      name: 'others-enter-by-the-front-door', severity: 'error',
      comment: 'Routes, jobs, followers, commands and pages are wired by entry; demo goes through index like everybody.',
      from: { path: '^src/demo/' },
      to: { path: '^src/modules/', pathNot: `^src/modules/[^/]+/(index\\.ts$|(${pure})(\\.ts$|/))` },
    },
    {
      name: 'entry-wires', severity: 'error',
      from: { path: '^src/entry/' },
      to: { path: '^src/modules/', pathNot: `^src/modules/[^/]+/(index\\.ts$|(${pure}|routes|jobs|commands|followers|pages)(\\.ts$|/))` },
    },
    ...upward,

    { name: 'contract-imports-contracts', severity: 'error', from: { path: role('contract') }, to: { path: '^src/', pathNot: `^src/base/|${role('contract')}` } },
    { name: 'contract-of-the-platform-imports-base', severity: 'error', from: { path: '^src/platform/[^/]+/contract\\.ts$' }, to: { path: '^src/(?!base/)' } },
    { name: 'rules-import-rules-and-contracts', severity: 'error', from: { path: role('rules') }, to: { path: '^src/', pathNot: `^src/base/|${role(pure)}` } },
    { name: 'rules-and-contracts-do-no-io', severity: 'error', from: { path: role(pure) }, to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' } },
    {
      name: 'store-and-reads-stand-on-the-database', severity: 'error',
      comment: 'One statement may write for several modules (the batch of an action): the others hand their part out at their front door.',
      from: { path: role('store|reads') },
      to: { path: '^src/', pathNot: `^src/(base|platform)/|^src/modules/$1/(${pure}|store|reads)(\\.ts$|/)|^src/modules/(?!$1/)[^/]+/(index\\.ts$|(${pure})(\\.ts$|/))` },
    },
    {
      name: 'service-does-not-import-its-adapters', severity: 'error',
      comment: 'pages/desk.ts is what the pages ask for, said as an interface beside them; the service answers it.',
      from: { path: role('service') },
      to: { path: `^src/modules/$1/(routes|jobs|commands|followers|pages)(\\.ts$|/)`, pathNot: '/pages/desk\\.ts$' },
    },
    {
      name: 'adapters-are-thin', severity: 'error',
      from: { path: role('routes|jobs|commands') },
      to: { path: `^src/modules/$1/(store)(\\.ts$|/)` },
    },
    { name: 'pages-do-not-write', severity: 'error', from: { path: role('pages') }, to: { path: `^src/modules/$1/(store)(\\.ts$|/)` } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'], extensions: ['.ts', '.tsx', '.d.ts', '.mjs', '.js', '.json'] },
  },
};
