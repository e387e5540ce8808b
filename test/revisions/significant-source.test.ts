import { describe, expect, it } from 'vitest';
import { significantSource } from '../../src/revisions/significant-source.ts';

const plain =
  "export const revision = 'a1';\nexport async function upgrade(op) {\n  await op.execute(`a ${1 + 2} b`);\n}\n";

describe('the significant source of a revision', () => {
  it.for([
    ['comments', plain.replace('await', '/* wait */ await').replace(';\n', '; // id\n')],
    ['white space', plain.replaceAll('  ', '\t\t').replaceAll(' = ', '=')],
    ['line ends', plain.replaceAll('\n', '\r\n')],
    ['a byte-order mark', `\uFEFF${plain}`],
    ['empty lines', plain.replaceAll('\n', '\n\n')],
  ] as const)('is the same with other %s', ([, changed]) => {
    expect(significantSource(changed)).toBe(significantSource(plain));
  });

  it.for([
    ['an id', plain.replace('a1', 'a2')],
    ['a blank inside a template', plain.replace('`a $', '`a  $')],
    ['an expression inside a template', plain.replace('1 + 2', '1 + 3')],
    ['a statement', plain.replace('await op', 'await op.knex; await op')],
  ] as const)('differs with another %s', ([, changed]) => {
    expect(significantSource(changed)).not.toBe(significantSource(plain));
  });

  it('is the text itself, line ends aside, where the tokens cannot be told', () => {
    expect(significantSource("const a = 'open\r\n")).toBe("const a = 'open\n");
  });
});
