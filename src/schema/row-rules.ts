import type { Snapshot, Table } from './snapshot.ts';

/** What a table asks of its rows beside the types of its columns. */
export interface RowRule {
  /** Id of what it comes with: the table itself, an index, a foreign key. */
  readonly object: string;
  readonly kind: 'unique' | 'foreignKey' | 'check' | 'exclusion';
  /** As the snapshot has it. */
  readonly definition: string;
  /** What it asks, equal for rules that ask the same; without a name. */
  readonly meaning: string;
  /** Of a key, in order; empty where one is made from an expression, and for a check. */
  readonly columns: readonly string[];
  /** True where the server may let rows stay that do not meet it, until a later change of the table fails on them. */
  readonly isLax: boolean;
  /** The key, the check or the table that is referred to, for people. */
  readonly shown: string;
}

/** Those of a table in a snapshot that hold for rows which are there: a constraint that is NOT VALID does not. */
export function rowRulesOf(table: Table, { objects, dialect }: Snapshot): readonly RowRule[] {
  const items = table.items.map(({ kind, definition, columns, written }) => ({
    object: table.id,
    kind,
    definition,
    columns,
    isLax: false,
    // What people wrote, but for a key of a single column, which then does not name it.
    text: (kind === 'check' ? written?.text : null) ?? definition,
  }));
  const attached = objects.flatMap((object) => {
    if (object.owner !== table.id || (object.kind !== 'index' && object.kind !== 'foreignKey')) return [];
    const [text = ''] = object.definition;
    const kind = object.kind === 'foreignKey' ? object.kind : ('unique' as const);
    if (kind === 'unique' && !/^CREATE\s+UNIQUE/i.test(text)) return [];
    return [
      { object: object.id, kind, definition: object.meaning ?? text, columns: plainColumns(text), isLax: false, text },
    ];
  });
  // MariaDB keeps the check of a single column with the column, and looks at the rows when it copies the table.
  const ofColumns = (dialect === 'mysql' ? table.columns : []).flatMap(({ definition }) => {
    const at = definition.search(/\bCHECK \(/);
    if (at < 0) return [];
    const text = `CHECK ${parenthesised(definition.slice(at))}`;
    return [{ object: table.id, kind: 'check' as const, definition: text, columns: [], isLax: true, text }];
  });
  return [...items, ...attached, ...ofColumns].flatMap((rule): readonly RowRule[] => {
    const { object, definition, columns, isLax, text } = rule;
    if (/\bNOT VALID$/.test(definition)) return [];
    switch (rule.kind) {
      case 'primaryKey':
      case 'unique': {
        const shown = columns.length > 0 ? columns.join(', ') : parenthesised(text).slice(1, -1);
        const where = /\bWHERE\s.*$/is.exec(text)?.[0] ?? '';
        const meaning = definition.slice(definition.indexOf('('));
        return [{ object, kind: 'unique', definition, meaning, columns, isLax, shown: `${shown} ${where}`.trim() }];
      }
      case 'foreignKey': {
        const found = reference.exec(definition);
        if (found === null) return [];
        const [meaning, key = '', target = ''] = found;
        return [
          { object, kind: 'foreignKey', definition, meaning, columns: namesIn(key), isLax, shown: plain(target) },
        ];
      }
      case 'check':
      case 'exclusion': {
        const from = rule.kind === 'check' ? /\bCHECK\s*\(.*$/is : /\bEXCLUDE\b.*$/is;
        const [meaning, shown] = [definition, text].map((one) => from.exec(one)?.[0] ?? one);
        return [
          { object, kind: rule.kind, definition, meaning: meaning ?? '', columns: [], isLax, shown: shown ?? '' },
        ];
      }
      default:
        return [];
    }
  });
}

const name = '(?:[^\\s("`]|"(?:[^"]|"")+"|`(?:[^`]|``)+`)+';
const reference = new RegExp(`\\bFOREIGN KEY[^(]*\\(([^)]*)\\)\\s*REFERENCES\\s+(${name})\\s*(?:\\([^)]*\\))?`, 'i');

/** The columns of an index, where it has nothing but columns. */
function plainColumns(sql: string): readonly string[] {
  const key = parenthesised(sql).slice(1, -1);
  const isPlain = new RegExp(`^\\s*${name}(?:\\s+(?:ASC|DESC))?\\s*$`, 'i');
  return key.split(',').every((part) => isPlain.test(part)) ? namesIn(key.replaceAll(/\s(?:ASC|DESC)\b/gi, '')) : [];
}

function namesIn(list: string): readonly string[] {
  return list.split(',').map((part) => plain(part.trim()));
}

function plain(text: string): string {
  return text.replaceAll(/["`]/g, '');
}

/** The first parentheses with all that is in them. */
function parenthesised(sql: string): string {
  const start = sql.indexOf('(');
  let depth = 0;
  for (let i = start; i < sql.length; i++) {
    if (sql[i] === '(') depth++;
    if (sql[i] === ')' && --depth === 0) return sql.slice(start, i + 1);
  }
  return sql.slice(start);
}
