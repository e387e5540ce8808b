import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { headerFromValues } from '../../src/revisions/header-from-values.ts';
import { readModuleHeader, readModuleHeaderFromStart } from '../../src/revisions/read-module-header.ts';
import { readPlainHeader } from '../../src/revisions/read-plain-header.ts';
import type { HeaderReading } from '../../src/revisions/revision-source.ts';
import { startLoader, type LoadedFields } from './load-with-jiti.ts';
import { writtenHeader } from './written-headers.ts';

const numRuns = Number(process.env['ALUDEL_RUNS'] ?? 150);
const loader = startLoader();
afterAll(loader.remove);

const noLines = { revision: 0, downRevision: 0, branchLabels: 0, dependsOn: 0 };

/** What a reading says of the fields, without doc and lines. */
function answer(reading: HeaderReading): unknown {
  return reading.kind === 'header' ? { ...reading.header, doc: '', lines: noLines } : reading.kind;
}

function answerOfModule(fields: LoadedFields): unknown {
  return answer(headerFromValues(fields, '', noLines));
}

test('a header read from the text is the header of the loaded module, in whatever way it is written', async () => {
  let loadable = 0;
  await fc.assert(
    fc.asyncProperty(writtenHeader, async ({ source, extension, fields }) => {
      const reading = readModuleHeader(source);
      const expected = headerFromValues(fields, '', noLines);
      expect(answer(reading)).toEqual(answer(expected));
      if (reading.kind === 'header') {
        const lines = source.split(/\r\n|[\r\n]/);
        expect(lines[reading.header.lines.revision - 1]).toMatch(/revision/);
      }
      const loaded = await loader.load(source, extension);
      if (loaded === null) return;
      loadable++;
      expect(answerOfModule(loaded)).toEqual(answer(expected));
    }),
    { numRuns },
  );
  // The law says nothing of texts that do not run: few may be so.
  expect(loadable).toBeGreaterThan(numRuns * 0.9);
});

// Pieces that turn one valid text into another, or into none.
const piece = fc.constantFrom(
  ...'\' " ` / // /* */ ( ) [ ] { } < > = , ; : ! . ... + - \\ \n null as const var let export ${ ?. ?? => ++'.split(
    ' ',
  ),
  '\n',
  ' if (x) ',
  `\nrevision = 'z'\n`,
  `;exports.revision = 'z';`,
  `;module.exports.down_revision = ['z'];`,
  `\nexport default { revision: 'z' }\n`,
  `\nvar revision = 'z'\n`,
  ' as any ',
  ' satisfies X ',
  `.concat('z')`,
);

const changedSource = fc
  .tuple(
    writtenHeader,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 8 }), fc.oneof(piece, fc.constant(''))), { minLength: 1, maxLength: 3 }),
  )
  .map(([written, changes]) => {
    let { source } = written;
    for (const [at, removed, inserted] of changes) {
      const from = at % (source.length + 1);
      source = source.slice(0, from) + inserted + source.slice(from + (inserted === '' ? removed : removed % 2));
    }
    // A cut through a pair of surrogates does not survive being written as UTF-8.
    return { ...written, source: Buffer.from(source).toString('utf8') };
  });

test('a text changed at random gives the header of the loaded module, or none', async () => {
  await fc.assert(
    fc.asyncProperty(changedSource, async ({ source, extension }) => {
      const reading = readModuleHeader(source);
      if (reading.kind === 'not-static') return;
      // Constants exported by name settle the header before the end is read; that jiti lets such a module assign to
      // module.exports as well, which Node refuses, is not looked for.
      if (extension.startsWith('.m') && source.includes('exports.')) return;
      const loaded = await loader.load(source, extension);
      if (loaded !== null) expect(answer(reading)).toEqual(answerOfModule(loaded));
    }),
    { numRuns },
  );
});

test('no text makes the reader throw or run on, whole or cut', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(' ')),
    changedSource.map(({ source }) => source),
  );
  fc.assert(
    fc.property(anything, fc.nat(), (source, cut) => {
      readModuleHeader(source);
      readModuleHeaderFromStart(source.slice(0, cut % (source.length + 1)));
    }),
    { numRuns: numRuns * 10 },
  );
});

test('what is known from the first part of a text is what the whole text says', () => {
  fc.assert(
    fc.property(fc.oneof(writtenHeader, changedSource), fc.nat(), ({ source }, cut) => {
      const early = readModuleHeaderFromStart(source.slice(0, cut % (source.length + 1)));
      if (early.kind === 'header') expect(readModuleHeader(source)).toEqual(early);
    }),
    { numRuns: numRuns * 5 },
  );
});

test('the short way for generated files gives what the full reader gives', () => {
  const value = fc.oneof(
    fc.constant('null'),
    fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => `'${text.replace(/['\\\n\r]/g, '"')}'`),
    fc.stringMatching(/^"[^"\\\n\r]{1,8}"$/),
  );
  const type = fc.constantFrom('', ': string', ': string | null', ': null | string[]');
  const space = fc.constantFrom(
    '\n',
    '\r\n',
    ' ',
    '\n\n',
    ' // "why" /* ; */\n',
    ' //\r',
    '\u2028',
    '// a\n  // b // c\n',
  );
  const doc = fc.constantFrom('/** add x */', '/**\r\n * add\n * x **/', '/***/', '/** @type {x} */', '/**/', '');
  const imports = fc.constantFrom(
    '',
    `import type { A, B } from 'aludel';`,
    `import a from "a";import * as b from 'b';`,
  );
  const statement = fc.tuple(value, type, space);
  let taken = 0;
  fc.assert(
    fc.property(
      doc,
      imports,
      space,
      fc.tuple(statement, statement, statement, statement),
      (doc, imports, gap, fields) => {
        const names = ['revision', 'down_revision', 'branch_labels', 'depends_on'];
        const statements = fields.map(
          ([value, type, space], i) => `export const ${names[i]}${type} = ${value};${space}`,
        );
        const source = `${doc}${gap}${imports}${gap}${statements.join('')}export function upgrade() {}`;
        const short = readPlainHeader(source);
        // An empty statement before the rest makes the full reader do the work.
        if (short === null) return;
        taken++;
        expect(readModuleHeader(`;${source}`)).toEqual(short);
      },
    ),
    { numRuns: numRuns * 5 },
  );
  expect(taken).toBeGreaterThan(numRuns / 10);
});
