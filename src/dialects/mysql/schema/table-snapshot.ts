import { AludelError } from '../../../support/aludel-error.ts';
import {
  objectId,
  type Column,
  type SchemaObject,
  type Sequence,
  type TableItem,
  type Written,
} from '../../../schema/snapshot.ts';
import { isSignificant, keywordOf, tokensOf, type Token } from '../../sql/lexer.ts';
import { nameAt, unquoted, wordsOf, type Word } from '../../sql/statement-words.ts';
import { mysqlRules } from '../lexical-rules.ts';
import { quoteIdentifier } from '../quote.ts';

/** The server's own text is read with these. */
const rules = mysqlRules();

/** A table and its foreign keys, from what SHOW CREATE TABLE says. */
export function tableObjects(name: string, sql: string, database: string): readonly SchemaObject[] {
  const { parts, rest } = partsOf(sql);
  const id = objectId('table', name);
  const columns: Column[] = [];
  const items: TableItem[] = [];
  const foreignKeys: Written[] = [];
  for (const part of parts) {
    const first = part.at(0);
    if (first === '`') columns.push(columnOf(withoutDatabase(part, database)));
    else if (/^CONSTRAINT `(?:[^`]|``)+` FOREIGN KEY/.test(part)) foreignKeys.push(foreignKeyOf(id, name, part));
    else items.push(itemOf(withoutDatabase(part, database)));
  }
  return [
    {
      kind: 'table',
      id,
      schema: null,
      name,
      owner: null,
      needs: [],
      columns,
      items,
      options: optionsOf(rest),
      text: null,
    },
    ...foreignKeys,
  ];
}

/** What stands between the outer parentheses, at its commas, and what stands behind them. */
function partsOf(sql: string): { readonly parts: readonly string[]; readonly rest: string } {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const token of tokensOf(sql, rules)) {
    if (token.kind !== 'symbol') continue;
    const symbol = sql[token.start];
    if (symbol === '(' && depth++ === 0) from = token.end;
    if (symbol === ',' && depth === 1) {
      parts.push(sql.slice(from, token.start).trim());
      from = token.end;
    }
    if (symbol === ')' && --depth === 0) {
      parts.push(sql.slice(from, token.start).trim());
      return { parts, rest: sql.slice(token.end) };
    }
  }
  throw new AludelError('sql.unsupported', 'What SHOW CREATE TABLE answers cannot be read by aludel.', {
    facts: { sql },
  });
}

/** The server writes the database in front of a sequence, and a copy of the schema has another one. */
function withoutDatabase(sql: string, database: string): string {
  const own = `${quoteIdentifier(database)}.`;
  let result = '';
  let from = 0;
  for (const token of tokensOf(sql, rules)) {
    if (token.kind !== 'name' || !sql.startsWith(own, token.start)) continue;
    result += sql.slice(from, token.start);
    from = token.start + own.length;
  }
  return result + sql.slice(from);
}

/** Words that begin an attribute of a column behind its type. */
const attributes: ReadonlySet<string> = new Set([
  'NOT',
  'NULL',
  'DEFAULT',
  'AUTO_INCREMENT',
  'COMMENT',
  'GENERATED',
  'STORED',
  'PERSISTENT',
  'VIRTUAL',
  'CHECK',
  'ON',
  'WITH',
  'WITHOUT',
  'INVISIBLE',
  'COMPRESSED',
  'COLUMN_FORMAT',
  'STORAGE',
  'SRID',
]);

function columnOf(part: string): Column {
  const tokens = [...tokensOf(part, rules)].filter(isSignificant);
  const nameEnd = tokens[0]?.end ?? 0;
  const sections = sectionsOf(part, tokens.slice(1));
  const generated = sections.get('GENERATED');
  return {
    name: unquoted(part.slice(0, nameEnd)),
    type: sections.get('') ?? '',
    nullable: !sections.has('NOT'),
    default: sections.get('DEFAULT') ?? null,
    generated:
      generated === undefined
        ? null
        : {
            expression: generated.slice(generated.indexOf('(') + 1, generated.lastIndexOf(')')),
            stored: sections.has('STORED') || sections.has('PERSISTENT'),
          },
    identity: sections.has('AUTO_INCREMENT') ? 'AUTO_INCREMENT' : null,
    definition: part.slice(nameEnd).trim(),
  };
}

/** The definition of a column by the word that begins each attribute, without that word; the type by no word. */
function sectionsOf(part: string, tokens: readonly Token[]): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  let word = '';
  let start = tokens[0]?.start ?? part.length;
  let end = start;
  let depth = 0;
  for (const token of tokens) {
    const keyword = keywordOf(part, token);
    if (token.kind === 'symbol' && keyword === ')') depth--;
    // The NULL of NOT NULL and of DEFAULT NULL belongs to the word before it.
    const isValue = keyword === 'NULL' && end <= start && (word === 'NOT' || word === 'DEFAULT');
    if (depth === 0 && token.kind === 'word' && attributes.has(keyword) && !isValue) {
      sections.set(word, part.slice(start, end).trim());
      word = keyword;
      start = token.end;
    }
    end = token.end;
    if (token.kind === 'symbol' && keyword === '(') depth++;
  }
  return sections.set(word, part.slice(start, end).trim());
}

function itemOf(part: string): TableItem {
  const words = wordsOf(part, rules, 5);
  const kinds: readonly (readonly [RegExp, TableItem['kind']])[] = [
    [/^PRIMARY KEY/, 'primaryKey'],
    [/^UNIQUE KEY/, 'unique'],
    [/^PERIOD/, 'period'],
    [/^(?:CONSTRAINT|CHECK)/, 'check'],
  ];
  const kind = kinds.find(([pattern]) => pattern.test(part))?.[1] ?? 'index';
  const name = kind === 'primaryKey' ? 'PRIMARY' : (words.find(({ quoted }) => quoted)?.identifier ?? null);
  return { kind, name, columns: kind === 'check' || kind === 'period' ? [] : keyColumns(part), definition: part };
}

/** Names directly inside the first parentheses; an expression has none. */
function keyColumns(part: string): readonly string[] {
  let depth = 0;
  const columns: string[] = [];
  for (const token of tokensOf(part, rules)) {
    const written = part.slice(token.start, token.end);
    if (written === '(') depth++;
    if (written === ')' && --depth === 0) break;
    if (depth === 1 && token.kind === 'name') columns.push(unquoted(written));
  }
  return columns;
}

function foreignKeyOf(owner: string, table: string, part: string): Written {
  const words = wordsOf(part, rules, Number.MAX_SAFE_INTEGER);
  const name = words[1]?.identifier ?? '';
  const at = words.findIndex(({ keyword, quoted }) => keyword === 'REFERENCES' && !quoted);
  const target = nameAt(words, at + 1);
  const referred = target === null || target.schema !== null ? null : objectId('table', target.name.identifier ?? '');
  return {
    kind: 'foreignKey',
    id: objectId('foreignKey', table, name),
    schema: null,
    name,
    owner,
    needs: [
      ...columnsIn(words, 0).map((part) => ({ object: owner, part })),
      ...(referred === null ? [] : columnsIn(words, at).map((part) => ({ object: referred, part }))),
    ],
    definition: [`ALTER TABLE ${quoteIdentifier(table)} ADD ${part}`],
    removal: [`ALTER TABLE ${quoteIdentifier(table)} DROP FOREIGN KEY ${quoteIdentifier(name)}`],
    meaning: null,
    shape: [],
  };
}

/** The names in the first parentheses from there on. */
function columnsIn(words: readonly Word[], from: number): readonly string[] {
  const opening = words.findIndex(({ keyword }, i) => i >= from && keyword === '(');
  const closing = words.findIndex(({ keyword }, i) => i > opening && keyword === ')');
  return words.slice(opening + 1, closing).flatMap(({ identifier }) => identifier ?? []);
}

/** `ENGINE=InnoDB DEFAULT CHARSET=…`, by their names; the next number of an AUTO_INCREMENT is not part of a schema. */
function optionsOf(rest: string): Readonly<Record<string, string>> {
  const options: Record<string, string> = {};
  const tokens = [...tokensOf(rest, rules)].filter(isSignificant);
  let name: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    const keyword = keywordOf(rest, token);
    if (keyword === 'PARTITION') {
      options['PARTITION BY'] = rest.slice(tokens[i + 2]?.start ?? token.end, tokens.at(-1)?.end ?? rest.length).trim();
      break;
    }
    if (keyword === 'WITH') {
      options['WITH SYSTEM VERSIONING'] = '';
      i += 2;
    } else if (keyword === '=') {
      const first = tokens[i + 1];
      let last = i + 1;
      // UNION=(`a`,`b`) has a list.
      if (first !== undefined && rest[first.start] === '(') {
        while (last + 1 < tokens.length && rest[tokens[last]?.start ?? 0] !== ')') last++;
      }
      const key = name.join(' ');
      if (key !== 'AUTO_INCREMENT') options[key] = rest.slice(first?.start ?? 0, tokens[last]?.end ?? rest.length);
      name = [];
      i = last;
    } else name.push(keyword);
  }
  return options;
}

/** A sequence of MariaDB's, from what SHOW CREATE SEQUENCE says. */
export function sequenceOf(name: string, sql: string): Sequence {
  const number = (words: string): string | null => new RegExp(`\\b${words} (-?\\d+)`, 'i').exec(sql)?.[1] ?? null;
  const options: Record<string, string> = {};
  for (const words of ['START WITH', 'MINVALUE', 'MAXVALUE', 'INCREMENT BY', 'CACHE']) {
    const value = number(words);
    if (value !== null) options[words] = value;
  }
  if (/\bnocache\b/i.test(sql)) options['CACHE'] = '0';
  if (/(?<!no)cycle\b/i.test(sql)) options['CYCLE'] = '';
  const engine = /\bENGINE=(\w+)/.exec(sql)?.[1];
  if (engine !== undefined) options['ENGINE'] = engine;
  return { kind: 'sequence', id: objectId('sequence', name), schema: null, name, owner: null, needs: [], options };
}
