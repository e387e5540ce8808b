import { describe, expect, test } from 'vitest';
import { readModuleHeader, readModuleHeaderFromStart } from '../../src/revisions/read-module-header.ts';
import { readPlainHeader } from '../../src/revisions/read-plain-header.ts';

const generated = `/** add phone number */
import type { Operations } from 'aludel';

export const revision = '3f2a91c07b5e';
export const down_revision = 'b81c0a4d9e22';
export const branch_labels = null;
export const depends_on = null;

export async function upgrade(op: Operations): Promise<void> {
  await op.addColumn('users', (t) => t.string('phone_number', 20));
}
`;

/** A short form of a reading: the fields, or the kind. */
function fieldsOf(source: string): unknown {
  const reading = readModuleHeader(source);
  if (reading.kind !== 'header') return reading.kind;
  const { revision, downRevisions, branchLabels, dependsOn } = reading.header;
  return [revision, downRevisions, branchLabels, dependsOn];
}

describe('the header of a module is read from its text', () => {
  test('a generated file gives its fields, doc and lines', () => {
    expect(readModuleHeader(generated)).toEqual({
      kind: 'header',
      header: {
        revision: '3f2a91c07b5e',
        downRevisions: ['b81c0a4d9e22'],
        branchLabels: [],
        dependsOn: [],
        doc: 'add phone number',
        lines: { revision: 4, downRevision: 5, branchLabels: 6, dependsOn: 7 },
      },
    });
  });

  test.each([
    ['double quotes', `export const revision = "a"; export const down_revision = "b"`],
    ['templates', 'export const revision = `a`; export const down_revision = `b`'],
    ['escapes', String.raw`export const revision = '\x61'; export const down_revision = '\u0062'`],
    ['as const', `export const revision = 'a' as const; export const down_revision = 'b' as string | null;`],
    ['satisfies', `export const revision = 'a' satisfies Id<'x'>; export const down_revision = 'b' satisfies A as B;`],
    ['annotations', `export const revision: string = 'a'; export const down_revision: (x: A) => B<C, D> = 'b';`],
    [
      'object types',
      `export const revision: { a: 'x' }['a'] = 'a'; export const down_revision: A extends B ? C : D = 'b'`,
    ],
    [
      'a type ending in > before =',
      `export const revision: Id<string>= 'a'; export const down_revision:Id<string>='b'`,
    ],
    [
      'comments',
      `export/*x*/const/**/revision/* = 'z' */=// 'y'\n'a'/**/;export const down_revision = /*'c'*/ 'b' // 'd'`,
    ],
    ['parentheses', `export const revision = ('a'); export const down_revision = ((('b' as string)));`],
    ['an array', `export const revision = 'a'; export const down_revision = [\n  'b', // first\n] as const;`],
    ['several in one statement', `export const revision = 'a', down_revision: string | null = 'b', other = f(1, 2)`],
    ['let', `export let revision = 'a'\nexport let down_revision = 'b'\n`],
    ['var', `export var revision = 'a'\nexport var down_revision = 'b'\n`],
    ['no semicolons', `const x = 1\nexport const revision = 'a'\nexport const down_revision = 'b'\nfoo()`],
    ['a list before', `export { a as revision, b as down_revision }\nconst a = 'a', b = 'b'`],
    ['a list after', `const revision = 'a'\nconst down_revision = 'b'\nexport { revision, down_revision, type X }`],
    ['quoted names in a list', `const a = 'a', b = 'b'; export { a as 'revision', b as "down_revision" };`],
    ['a default export', `export default { revision: 'a', down_revision: 'b', async upgrade(op) { await op.x({}) } }`],
    ['a typed default export', `export default ({ revision: 'a', down_revision: 'b' } as const) satisfies Migration;`],
    ['module.exports', `'use strict'\nmodule.exports = { revision: 'a', down_revision: 'b', upgrade: async () => {} }`],
    ['quoted keys', `module.exports = { 'revision': 'a', "down_revision": 'b' };`],
    [
      'shorthand properties',
      `const revision = 'a', down_revision = 'b';\nmodule.exports = { revision, down_revision };`,
    ],
    [
      'module.exports.x',
      `module.exports.revision = 'a'\nmodule.exports.down_revision = 'b'\nmodule.exports.upgrade = () => {}`,
    ],
    ['exports.x', `exports.revision = 'a';\nexports.down_revision = 'b';\nexports.upgrade = async function () {};`],
    ['CR LF', `\r\nexport const revision = 'a'\r\nexport const down_revision = 'b'\r\n`],
    [
      'a byte-order mark and a hashbang',
      `\uFEFF#!/usr/bin/env node 'x\nexport const revision='a';export const down_revision='b'`,
    ],
    ['line separators', `export const revision = 'a'\u2028export const down_revision = 'b'\u2029foo()`],
    ['an identifier that is a literal', `const parent = 'b'\nexport const revision = 'a', down_revision = parent;`],
    [
      'Object types before',
      `type A = { revision: 'x' }\ninterface B { down_revision: 'y' }\nexport type { A }\nexport const revision='a',down_revision='b'`,
    ],
    [
      'declarations that are gone',
      `export declare const depends_on: string;\nexport const revision = 'a', down_revision = 'b'`,
    ],
    [
      'names inside a namespace',
      `namespace N { export const depends_on = 'x' }\nexport const revision = 'a', down_revision = 'b'`,
    ],
    [
      'a regular expression with quotes',
      `const r = /['"\`/]/.test(x) ? /a'/g : 1 / 2 / 3\nexport const revision = 'a', down_revision = 'b'`,
    ],
    [
      'templates in templates',
      'const t = `${`}export const revision = "x"${{a:1}}`}`\nexport const revision = "a", down_revision = "b"',
    ],
    [
      'arrow functions with type arguments',
      `export default { up: async (a: A): Promise<Map<B, C>> => {}, revision: 'a', down_revision: 'b' }`,
    ],
    [
      'methods with result types',
      `export default { async upgrade(): Promise<Map<B, C>> { return x }, revision: 'a', down_revision: 'b' }`,
    ],
    [
      'an if without braces before',
      `if (x) y()\nconst revision = 'a', down_revision = 'b'\nexport { revision, down_revision }`,
    ],
  ])('written with %s', (_, source) => {
    expect(fieldsOf(source)).toEqual(['a', ['b'], [], []]);
  });

  test('null, undefined and a field left out are no ids', () => {
    expect(fieldsOf(`export const revision = 'a', down_revision = undefined, branch_labels = null`)).toEqual([
      'a',
      [],
      [],
      [],
    ]);
  });

  test('lists keep their order', () => {
    const source = `export const revision='a', down_revision=['c','b'], branch_labels=['y','x'], depends_on=['e',"d",]`;
    expect(fieldsOf(source)).toEqual(['a', ['c', 'b'], ['y', 'x'], ['e', 'd']]);
  });

  test('a field that is not written has the line of revision', () => {
    const reading = readModuleHeader(`\n\nexport const revision = 'a'\nexport const down_revision = null\n`);
    expect(reading).toMatchObject({
      header: { lines: { revision: 3, downRevision: 4, branchLabels: 3, dependsOn: 3 } },
    });
  });

  test('words in comments, texts, functions and regular expressions mislead nobody', () => {
    const source = [
      `// export const revision = 'x'`,
      `/* export const revision = 'x' */`,
      `const s = "export const revision = 'x'";`,
      'const t = `\nexport const revision = "x"\n`;',
      `function f() { const revision = 'x'; exports.revision = 'x' }`,
      `const r = /export const revision = 'x'/;`,
      `other.revision = 'x';`,
      generated,
    ].join('\n');
    expect(fieldsOf(source)).toEqual(['3f2a91c07b5e', ['b81c0a4d9e22'], [], []]);
  });
});

describe('what only a running program knows is not static', () => {
  test.each([
    ['a call', `export const revision = id('a')`],
    ['a sum', `export const revision = 'a' + 'b'`],
    ['a sum on the next line', `export const revision = 'a'\n  + 'b'`],
    ['a member on the next line', `export const revision = 'a'\n  .trim()`],
    ['an unknown name', `import { revision } from './x.ts'\nexport { revision }`],
    ['a name with a value that is not literal', `const a = f()\nexport const revision = a`],
    ['a spread in a list', `export const revision = 'a', down_revision = [...parents]`],
    ['an element that is a name', `const b = 'b'; export const revision = 'a', down_revision = [b]`],
    ['an empty place in a list', `export const revision = 'a', down_revision = ['b', , 'c']`],
    ['a template with a hole', 'export const revision = `a${1}`'],
    ['a tagged template', 'export const revision = String.raw`a`'],
    ['a conditional behind a type', `export const revision = 'a' as string || 'b'`],
    ['a question behind a type', `export const revision = 'a' as any ? 'b' : 'c'`],
    ['a getter', `export default { get revision() { return 'a' } }`],
    ['a spread object', `export default { ...base, revision: 'a' }`],
    ['a computed key', `module.exports = { revision: 'a', ['down_' + 'revision']: 'b' }`],
    ['a prototype', `module.exports = { revision: 'a', __proto__: base }`],
    ['a field written twice', `module.exports = { revision: 'a', revision: 'b' }`],
    ['a field from another file', `export { revision } from './other.ts'`],
    ['fields from a star export', `export const revision = 'a'\nexport * from './other.ts'`],
    ['a namespace export', `export * as revision from './other.ts'`],
    ['a destructured field', `export const { revision } = require('./x')`],
    ['a function', `export const revision = 'a'\nexport function down_revision() {}`],
    ['a class', `export default class { static revision = 'a' }`],
    ['a wrapped default export', `export default defineRevision({ revision: 'a' })`],
    ['export =', `export = { revision: 'a' }`],
    ['let assigned later', `export let revision = 'a'\nrevision = 'b'`],
    ['let assigned by a function', `export let revision = 'a'\nset()\nfunction set() { revision = 'b' }`],
    ['var declared again', `export var revision = 'a'\nif (x) var revision = 'b'`],
    ['let and eval', `export let revision = 'a'\neval("revision = 'b'")`],
    ['a list that is changed', `export const revision = 'a', down_revision = ['b']\ndown_revision.push('c')`],
    ['a shared list that is changed', `const l = ['b']\nexport const revision = 'a', down_revision = l\nl.push('c')`],
    ['var read before it is set', `module.exports = { revision }\nvar revision = 'a'`],
    ['exports set in a condition', `if (x) exports.revision = 'a'`],
    ['exports set in a condition over two lines', `if (x)\n  exports.revision = 'a'`],
    ['exports set behind else', `if (x) {} else exports.revision = 'a'`],
    ['exports set twice', `exports.revision = 'a'\nexports.revision = 'b'`],
    ['exports set in a chain', `exports.revision = exports.down_revision = 'a'`],
    ['exports set inside another value', `exports.x = exports.revision = 'a'`],
    ['exports under another name', `exports.revision = 'a'\nconst e = exports\ne.revision = 'b'`],
    ['exports given away', `Object.assign(exports, { revision: 'a' })`],
    ['this', `this.revision = 'a'`],
    ['exports replaced', `exports.revision = 'a'\nmodule.exports = { revision: 'b' }`],
    ['a return before', `if (x) return\nexports.revision = 'a'`],
    ['two kinds of exports', `export const revision = 'a'\nexport default { down_revision: 'b' }`],
    ['a default export beside others', `export default { revision: 'a' }\nexport function upgrade() {}`],
    ['an escaped name', String.raw`export const \u0072evision = 'a'`],
    ['an old octal escape', String.raw`exports.revision = '\101'`],
    ['JSX-like text', `const x = <div>'</div>\nexport const revision = 'a'`],
    [
      'type arguments that look like variables',
      `const f = <T, revision = 'x', U = 'y'>(a: T) => a\nexport { revision }`,
    ],
  ])('%s', (_, source) => {
    expect(fieldsOf(source)).toBe('not-static');
  });

  test('the reason names the field and the line', () => {
    const source = `/** add x */\nexport const revision = 'a';\nexport const down_revision = parentOf('a');`;
    expect(readModuleHeader(source)).toEqual({
      kind: 'not-static',
      line: 3,
      reason: 'down_revision is a call or a member of something else',
      doc: 'add x',
    });
  });
});

describe('what can never be a revision is told in words', () => {
  test.each([
    [`export const revision = 12`, 'revision is a number; write it in quotes: ids are text'],
    [
      `export const revision = 'a', down_revision = 0x10n`,
      'down_revision is a number; write it in quotes: ids are text',
    ],
    [
      `export const revision = 'a', down_revision = [1]`,
      'down_revision holds a number; write it in quotes: ids are text',
    ],
    [`export const revision = ''`, 'revision is an empty text; an id has at least one character'],
    [`export const revision = null`, 'revision has no value; write the id in quotes'],
    [`export const revision = 'a', down_revision = ''`, 'down_revision is an empty text; write null for none'],
    [`export const revision = 'a'`, 'there is no down_revision; the first revision of a history says so with null'],
    [
      `export default { revision: 'a', branch_labels: null, depends_on: null, async upgrade(op) {} }`,
      'there is no down_revision; the first revision of a history says so with null',
    ],
    [`const revision = 'a'`, 'revision is declared but not exported; write "export" before it'],
    ['', "no revision is exported; write: export const revision = '…' with the id of the revision"],
    [
      `export default { upgrade() {} }`,
      "no revision is exported; write: export const revision = '…' with the id of the revision",
    ],
  ])('%s', (source, reason) => {
    expect(readModuleHeader(source)).toMatchObject({ kind: 'not-a-revision', line: 1, reason });
  });
});

test.each([
  [`/** x */\nexport const revision = 'a';\nexport const down_revison = 'b';\n`, 3, 'down_revison'],
  [`export const revision = 'a';\n\nexport const downRevision = 'b';\n`, 3, 'downRevision'],
  [`module.exports = {\n  revision: 'a',\n  down_revisions: ['b'],\n};`, 3, 'down_revisions'],
  [`const down_rev = 'b';\nexport const revision = 'a';\nexport { down_rev as down_revisoin };`, 3, 'down_revisoin'],
])('a misspelt down_revision makes no base: %j', (source, line, name) => {
  const reason = `there is no down_revision; is "${name}" meant to be it?`;
  expect(readModuleHeader(source)).toEqual({ kind: 'not-a-revision', line, reason });
});

describe('the doc is the doc comment before the fields, else the message, else a later doc comment', () => {
  const header = `export const revision = 'a', down_revision = null;\n`;
  test.each([
    ['one line', `/** add x */\n${header}`, 'add x'],
    ['several lines', `/**\n * add x\n *\n *   more\n */\n${header}`, 'add x\n\n  more'],
    ['CR LF', `/**\r\n * add x\r\n * more\r\n */\r\n${header}`, 'add x\nmore'],
    ['without stars', `/**\n  add x\n  more **/\n${header}`, 'add x\nmore'],
    ['a licence and a banner before', `/*! MIT */ /***** x *****/ /**/ /** add x */ ${header}`, 'add x'],
    ['types for an editor before', `/** @type {string} */\n/** add x */\n${header}`, 'add x'],
    ['a message', `${header}export const message = 'add x';\n/** does y */ export function upgrade() {}`, 'add x'],
    ['both', `/** doc */\n${header}export const message = 'add x';\n`, 'doc'],
    ['only a later comment', `${header}/** add x */\nexport function upgrade() {}`, 'add x'],
    ['only a comment inside a function', `${header}function f() { /** no */ }`, ''],
    ['a message in an object', `module.exports = { revision: 'a', down_revision: null, message: 'add x' }`, 'add x'],
    ['nothing', header, ''],
  ])('%s', (_, source, doc) => {
    const reading = readModuleHeader(source);
    expect(reading.kind === 'header' && reading.header.doc).toBe(doc);
  });
});

describe('the first part of a file is enough when the header is in it', () => {
  test('every cut of a generated file is incomplete or gives the same header', () => {
    const whole = readModuleHeader(generated);
    const known = generated.indexOf('depends_on = null;') + 'depends_on = null;'.length;
    for (let length = 0; length <= generated.length; length++) {
      const reading = readModuleHeaderFromStart(generated.slice(0, length));
      expect(reading).toEqual(length >= known ? whole : { kind: 'incomplete' });
    }
  });

  test('a cut never settles what the rest may change', () => {
    const sources = [
      `/** x */ export const revision = 'a', down_revision = null, branch_labels = null, depends_on = nul + x`,
      `/** x */ export const revision = 'a', down_revision = ['b'], branch_labels = null, depends_on = null\ndown_revision.push('c')`,
      `export let revision = 'a'; revision = 'b'`,
      `export default { revision: 'a', down_revision: 'b' }.x`,
      `module.exports = { revision: 'a' }\nmodule.exports.down_revision = 'b'`,
      `export const revision = 'a'\ninstanceof B`,
    ];
    for (const source of sources) {
      const whole = readModuleHeader(source);
      expect(whole.kind).toBe('not-static');
      for (let length = 0; length <= source.length; length++) {
        const { kind } = readModuleHeaderFromStart(source.slice(0, length));
        expect([kind, source.slice(0, length)]).not.toEqual(['header', source.slice(0, length)]);
      }
    }
  });

  test('ten thousand generated headers take the short way', () => {
    expect(readPlainHeader(generated)).toEqual(readModuleHeader(generated));
    expect(readPlainHeader(generated.replaceAll(`'`, '"').replaceAll('\n', '\r\n'))).not.toBeNull();
    expect(readPlainHeader(generated.replace('import', 'foo();\nimport'))).toBeNull();
  });
});

describe('hostile text', () => {
  test.each([
    ['open brackets', '('.repeat(200_000)],
    ['nested lists', `export const revision = ${'['.repeat(200_000)}`],
    ['nested templates', '`${'.repeat(100_000)],
    ['many comments', `/** a */\nexport const revision = 'a'; ${'// '.repeat(100_000)}`],
    ['an endless comment', `/** ${'*'.repeat(200_000)}`],
    ['many stars', `/**${' * a\n'.repeat(100_000)}*/`],
    ['modifiers', `export default { ${'get '.repeat(100_000)}`],
    ['angles', `const a: ${'A<'.repeat(100_000)}`],
    ['blanks', `export default { async${' '.repeat(200_000)}`],
  ])('%s end quickly', (_, source) => {
    const start = performance.now();
    expect(['header', 'not-static', 'not-a-revision']).toContain(readModuleHeader(source).kind);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
