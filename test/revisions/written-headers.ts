import * as fc from 'fast-check';
import { assertNever } from '../../src/support/assert-never.ts';

/** The value of one field, and how it stands in the text. */
interface WrittenField {
  readonly value: string | null | undefined | readonly string[];
  readonly text: string;
}

/** A module text, the header it declares, and the extension it needs. */
export interface WrittenHeader {
  readonly source: string;
  readonly extension: string;
  readonly fields: Readonly<Record<FieldName, WrittenField['value']>>;
}

const fieldNames = ['revision', 'down_revision', 'branch_labels', 'depends_on'] as const;
type FieldName = (typeof fieldNames)[number];

const text = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[a-z0-9_]{1,12}$/) },
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  fc.constantFrom(
    `it's`,
    '"',
    '`',
    '${x}',
    '\\',
    'a\nb',
    '\r\n',
    '\u2028',
    '/*',
    '*/',
    '//',
    `';`,
    '\0',
    '\ud83d\ude00',
    '\ufeff',
  ),
);

/** One character of a literal in one of the ways to escape it; as it is where that is allowed. */
function writtenCharacter(character: string, quote: string, way: number): string {
  const code = character.codePointAt(0) ?? 0;
  const escapes = [
    code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`,
    `\\u{00${code.toString(16)}}`,
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
    ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' } as Record<string, string>)[character] ??
      (/[a-z0-9\r\n\u2028\u2029]/i.test(character) ? `\\u{${code.toString(16)}}` : `\\${character}`),
  ];
  const mustEscape = character === quote || '\\\r\n'.includes(character) || (quote === '`' && character === '$');
  // Raw line feeds are allowed in templates only.
  const canStandRaw = !mustEscape || (quote === '`' && character === '\n');
  return canStandRaw && way > 3 ? character : (escapes[way % escapes.length] ?? '');
}

function textLiteral(value: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(`'`, '"', '`'), fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 9 }))
    .map(([quote, ways]) => {
      const characters = Array.from(value);
      const written = characters.map((character, i) => writtenCharacter(character, quote, ways[i % ways.length] ?? 9));
      return `${quote}${written.join('')}${quote}`;
    });
}

const gap = fc.constantFrom('', '', ' ', '\n', '\t ', `/* revision = 'no' */`, `// "quoted\n`, '/**/\n');
const gapInLine = fc.constantFrom('', '', ' ', `/* depends_on: ['x'] */`, '\t');

const types = [
  'string',
  'string | null',
  `readonly string[]`,
  `Id<'x', "y">`,
  '() => string',
  `(a: { b: '=' }) => Map<string, () => void>`,
  `{ revision: 'x'; f(): void }['revision']`,
  `A extends B ? 'c' : D[]`,
  '`${string}=`',
  `| 'a' | 'b'`,
  'typeof x.y',
  'any',
];

/** Wraps a literal as people do: parentheses, type assertions, comments. */
function wrapped(literal: string, isTyped: boolean): fc.Arbitrary<string> {
  const tail = isTyped
    ? fc.constantFrom(
        '',
        '',
        ' as const',
        ...types.map((type) => ` as ${type}`),
        ...types.map((type) => ` satisfies ${type}`),
      )
    : fc.constant('');
  return fc
    .tuple(gap, fc.boolean(), tail, gap, gap, tail)
    .map(([before, inParentheses, inner, open, close, outer]) =>
      inParentheses ? `${before}(${open}${literal}${inner}${close})${outer}` : `${before}${literal}${inner}`,
    );
}

function list(values: readonly string[], isTyped: boolean): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.tuple(...values.map((value) => textLiteral(value).chain((one) => wrapped(one, isTyped)))),
      gap,
      fc.boolean(),
    )
    .map(([items, space, trailing]) => {
      const end = trailing && items.length > 0 ? ',' : '';
      return `[${space}${items.join(`,${space}`)}${end}${space}]`;
    });
}

function field(isTyped: boolean, isRevision: boolean): fc.Arbitrary<WrittenField> {
  const one = text.chain((value) =>
    textLiteral(value)
      .chain((literal) => wrapped(literal, isTyped))
      .map((literal): WrittenField => ({ value, text: literal })),
  );
  if (isRevision) return one;
  const none = fc
    .constantFrom(null, undefined)
    .chain((value) => wrapped(String(value), isTyped).map((literal): WrittenField => ({ value, text: literal })));
  const several = fc.array(text, { maxLength: 3 }).chain((value) =>
    list(value, isTyped)
      .chain((literal) => wrapped(literal, isTyped))
      .map((literal): WrittenField => ({ value, text: literal })),
  );
  return fc.oneof(one, none, several);
}

/** Statements that have the words of a header in them and are none. */
const misleading = [
  `// export const revision = 'no'`,
  `/* module.exports = { revision: 'no' } */`,
  `const s1 = "export const revision = 'no'"`,
  'const t1 = `\nexport const revision = "no"\n${"}`"}${`${1}`}`',
  `function f1() { return { revision: 'no', down_revision: ['no'] } }`,
  `const r1 = /export const revision = 'no/.test('') || 4 / 2 / 1`,
  `const r2 = [/[/'"]/g, /\`/]`,
  `if (false) { void 0 } else { void 1 }`,
  `f2(); function f2() { for (const x of []) if (x) /'/.test(x) }`,
  `const a1 = async (x) => { const y = x.revision; return y ?? x?.down_revision }`,
  `var o1 = { revision: 'no', ['down_revision']: 'no' }.revision`,
  `label: for (;;) { break label }`,
];
const misleadingTypes = [
  `type T1 = { revision: 'no' } | Array<{ depends_on: string }>`,
  `interface I1 { revision: string }`,
  `declare const branch_labels1: string`,
  `const g1 = <T,>(x: T): Map<T, () => void> => new Map<T, () => void>()`,
  `const u1 = o2 as unknown as Array<string>; var o2: any`,
];
/** Where the same words are variables or members: allowed where no field can change after it was written. */
const misleadingNames = [
  `class C1 { revision = 'no'; static get depends_on() { return /"/.source } }`,
  `function f3(revision, { down_revision }) { revision = down_revision; let depends_on; depends_on = [] }`,
];

interface Shape {
  readonly isTyped: boolean;
  readonly form: Form;
  readonly keyword: string;
  readonly end: string;
  readonly eol: string;
}

const moduleForms = ['export', 'export-many', 'list-before', 'list-after', 'default'] as const;
const commonJsForms = ['whole', 'whole-shorthand', 'members', 'module-members'] as const;
type Form = (typeof moduleForms)[number] | (typeof commonJsForms)[number];

const shape: fc.Arbitrary<Shape> = fc.record({
  isTyped: fc.boolean(),
  form: fc.constantFrom(...moduleForms, ...commonJsForms),
  keyword: fc.constantFrom('const', 'let', 'var'),
  end: fc.constantFrom(';', ';', ''),
  eol: fc.constantFrom('\n', '\n', '\r\n'),
});

/** Any header in any of the ways the reader promises to read without running it. */
export const writtenHeader: fc.Arbitrary<WrittenHeader> = shape.chain((shape) => {
  const { isTyped } = shape;
  const fields = fc.record({
    revision: field(isTyped, true),
    down_revision: field(isTyped, false),
    branch_labels: field(isTyped, false),
    depends_on: field(isTyped, false),
  });
  return fields.chain((fields) => {
    const isFixed = shape.keyword === 'const' && !Object.values(fields).some(({ value }) => Array.isArray(value));
    const statements = [...misleading, ...(isTyped ? misleadingTypes : []), ...(isFixed ? misleadingNames : [])];
    const noise = fc.array(fc.constantFrom(...statements), { maxLength: 3 });
    return fc
      .tuple(
        fc.array(isTyped ? fc.constantFrom('', '', ...types) : fc.constant(''), { minLength: 4, maxLength: 4 }),
        fc.shuffledSubarray([...fieldNames], { minLength: 4 }),
        fc.constantFrom('', '/** doc */', '#!/usr/bin/env node', '\uFEFF', `'use strict';`),
        fc.uniqueArray(noise, { minLength: 2, maxLength: 2, selector: (lines) => lines.join() }),
        gapInLine,
      )
      .map(([annotations, order, start, [before = [], after = []], space]) => {
        const typeOf = (name: FieldName): string => {
          const type = annotations[fieldNames.indexOf(name)] ?? '';
          return type === '' ? '' : `${space}: ${type}`;
        };
        const seen = new Set<string>();
        const once = (lines: readonly string[]): readonly string[] =>
          lines.filter((line) => !seen.has(line) && seen.add(line)).map((line) => line + shape.end);
        const header = printed(shape, order, (name) => fields[name].text, typeOf, space);
        const lines = [start, ...once(before), header, ...once(after)];
        const isCommonJs = (commonJsForms as readonly string[]).includes(shape.form);
        const body = lines.join('\n');
        return {
          source: shape.eol === '\n' ? body : withCrLf(body),
          extension: `.${isCommonJs ? 'c' : 'm'}${isTyped ? 't' : 'j'}s`,
          fields: {
            revision: fields.revision.value,
            down_revision: fields.down_revision.value,
            branch_labels: fields.branch_labels.value,
            depends_on: fields.depends_on.value,
          },
        };
      });
  });
});

// In a template a CR LF counts as a line feed, so that the values stay the same.
function withCrLf(text: string): string {
  return text.replaceAll('\n', '\r\n');
}

function printed(
  { form, keyword, end }: Shape,
  order: readonly FieldName[],
  textOf: (name: FieldName) => string,
  typeOf: (name: FieldName) => string,
  space: string,
): string {
  const declared = (name: string, field: FieldName): string => `${name}${typeOf(field)}${space}=${textOf(field)}`;
  switch (form) {
    case 'export':
      return order.map((name) => `export ${keyword} ${declared(name, name)}${end}`).join('\n');
    case 'export-many':
      return `export ${keyword} ${order.map((name) => declared(name, name)).join(`,${space}\n  `)}${end}`;
    case 'list-before':
    case 'list-after': {
      const variables = `${keyword} ${order.map((name, i) => declared(`v${i}`, name)).join(', ')}${end}`;
      const exports = `export {${space}${order.map((name, i) => `v${i} as ${i === 1 ? `'${name}'` : name}`).join(', ')},}${end}`;
      return form === 'list-before' ? `${exports}\n${variables}` : `${variables}\n${exports}`;
    }
    case 'default':
      return `export default {${order.map((name, i) => `${i === 0 ? `'${name}'` : name}:${textOf(name)}`).join(',')}, async upgrade(op) {}, }${end}`;
    case 'whole':
      return `module.exports = {${order.map((name, i) => `${i === 0 ? `"${name}"` : name} :${textOf(name)}`).join(',\n')}, up: () => {} }${end}`;
    case 'whole-shorthand':
      return `${keyword} ${order.map((name) => declared(name, name)).join(', ')}${end}\nmodule.exports = { ${order.join(', ')} }${end}`;
    case 'members':
      return order.map((name) => `exports.${name} = ${textOf(name)}${end}`).join('\n');
    case 'module-members':
      return order.map((name) => `module.exports.${name} =${space}${textOf(name)}${end}`).join('\n');
    default:
      return assertNever(form);
  }
}
