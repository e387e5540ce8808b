import { AludelError } from '../../../support/aludel-error.ts';
import { keywordOf } from '../../sql/lexer.ts';
import { tokenCursor, Unreadable, type Span } from './token-cursor.ts';

/** What a CREATE TABLE says, and where: for editing the text and leaving alone what is not touched. */
export interface CreateTable {
  readonly text: string;
  readonly columns: readonly ColumnText[];
  /** Those of the table; those of a column are with the column. */
  readonly constraints: readonly ConstraintText[];
  readonly withoutRowid: boolean;
}

export interface ColumnText {
  readonly name: string;
  /** From the name to the end of the last constraint. */
  readonly span: Span;
  readonly nameSpan: Span;
  /** Null for a column without a declared type. */
  readonly type: Span | null;
  readonly constraints: readonly ConstraintText[];
}

export interface ConstraintText {
  /** `empty` is a CONSTRAINT with a name and nothing behind it, which SQLite takes. */
  readonly kind:
    | 'primaryKey'
    | 'notNull'
    | 'null'
    | 'unique'
    | 'check'
    | 'default'
    | 'collate'
    | 'foreignKey'
    | 'generated'
    | 'empty';
  readonly name: string | null;
  /** Of the name behind CONSTRAINT. */
  readonly nameSpan: Span | null;
  /** With CONSTRAINT and the name. */
  readonly span: Span;
  /** Without them. */
  readonly body: Span;
  /** Of the key, the child's in a foreign key; the column itself for a constraint of a column. */
  readonly columns: readonly string[];
  /** What is in the parentheses of CHECK, of AS, or of DEFAULT. */
  readonly expression: Span | null;
  /** REFERENCES and what follows it, with the name of the table. */
  readonly references: (Span & { readonly table: string }) | null;
  /** ON CONFLICT and the word behind it. */
  readonly onConflict: Span | null;
  readonly autoincrement: Span | null;
  readonly descending: boolean;
  readonly stored: boolean;
}

/** SQLite compares names without regard to the case of ASCII letters only. */
export function sameName(one: string, other: string): boolean {
  return nameKey(one) === nameKey(other);
}

/** A name as a key: equal for names that are the same to SQLite. */
export function nameKey(name: string): string {
  return name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Reads a CREATE TABLE by SQLite's own grammar (parse.y; sqlite.org/lang_createtable.html): what sqlite_schema stores,
 * or what knex compiles. O(text). Throws sql.unsupported for what has no columns to edit, as a virtual table.
 */
export function parseCreateTable(text: string): CreateTable {
  try {
    return createReader(text).createTable();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new AludelError('sql.unsupported', 'The CREATE TABLE of this table cannot be read by aludel.', {
      hint: `${error.message}. Change the table by op.execute.`,
      facts: { sql: text },
    });
  }
}

const columnConstraintWords = new Set([
  'CONSTRAINT',
  'DEFAULT',
  'NULL',
  'NOT',
  'PRIMARY',
  'UNIQUE',
  'CHECK',
  'REFERENCES',
  'COLLATE',
  'AS',
]);
const tableConstraintWords = new Set(['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN']);

type Details = Partial<Omit<ConstraintText, 'kind' | 'span' | 'body' | 'name' | 'nameSpan'>> & {
  readonly kind: ConstraintText['kind'];
};

function createReader(text: string) {
  const { accept, expect, group, here, identifier, isOver, next, rest, since, touches, word } = tokenCursor(text);

  /** Columns in parentheses, with COLLATE and a direction each where the key is an index. */
  function keyColumns(): { readonly columns: readonly string[]; readonly autoincrement: Span | null } {
    const columns: string[] = [];
    let autoincrement: Span | null = null;
    expect('(');
    do {
      columns.push(identifier().name);
      while (word() !== ',' && word() !== ')') {
        const token = next();
        if (keywordOf(text, token) === 'AUTOINCREMENT') autoincrement = token;
      }
    } while (accept(','));
    expect(')');
    return { columns, autoincrement };
  }

  function onConflict(): Span | null {
    const start = here();
    if (!accept('ON', 'CONFLICT')) return null;
    next();
    return since(start);
  }

  /** REFERENCES table [(columns)] with its actions and deferral. */
  function references(): NonNullable<ConstraintText['references']> {
    const start = here();
    expect('REFERENCES');
    const { name: table } = identifier();
    if (word() === '(') group();
    for (;;) {
      if (accept('MATCH')) next();
      else if (word() === 'ON' && word(1) !== 'CONFLICT') {
        next();
        next();
        // SET NULL, SET DEFAULT, NO ACTION are two words; CASCADE and RESTRICT one.
        if (accept('SET') || accept('NO')) next();
        else next();
      } else if (word() === 'DEFERRABLE' || (word() === 'NOT' && word(1) === 'DEFERRABLE')) deferral();
      else return { ...since(start), table };
    }
  }

  function deferral(): void {
    accept('NOT');
    expect('DEFERRABLE');
    if (accept('INITIALLY')) next();
  }

  /** One value of DEFAULT without parentheses. The lexer cuts numbers and blobs: they are what is written together. */
  function defaultValue(): void {
    if (word() === '+' || word() === '-') next();
    const first = next();
    const written = text.slice(first.start, first.end);
    if (first.kind === 'number' || written === '.') {
      while (touches() && /^[\w.+-]/.test(word())) next();
    } else if (/^x$/i.test(written) && touches() && word().startsWith("'")) {
      next();
    }
  }

  function columnConstraint(): Details {
    if (accept('PRIMARY', 'KEY')) {
      const descending = accept('DESC');
      if (!descending) accept('ASC');
      const conflict = onConflict();
      const start = here();
      const autoincrement = accept('AUTOINCREMENT') ? since(start) : null;
      return { kind: 'primaryKey', descending, onConflict: conflict, autoincrement };
    }
    if (accept('NOT', 'NULL')) return { kind: 'notNull', onConflict: onConflict() };
    if (accept('NULL')) return { kind: 'null', onConflict: onConflict() };
    if (accept('UNIQUE')) return { kind: 'unique', onConflict: onConflict() };
    if (accept('CHECK')) return { kind: 'check', expression: group() };
    if (accept('DEFAULT')) {
      if (word() === '(') return { kind: 'default', expression: group() };
      defaultValue();
      return { kind: 'default' };
    }
    if (accept('COLLATE')) {
      identifier();
      return { kind: 'collate' };
    }
    if (word() === 'REFERENCES') return { kind: 'foreignKey', references: references() };
    if (accept('GENERATED', 'ALWAYS', 'AS') || accept('AS')) {
      const expression = group();
      const stored = accept('STORED');
      if (!stored) accept('VIRTUAL');
      return { kind: 'generated', expression, stored };
    }
    if (word() === 'DEFERRABLE' || word() === 'NOT') deferral();
    return { kind: 'empty' };
  }

  function tableConstraint(): Details {
    if (accept('PRIMARY', 'KEY')) return { kind: 'primaryKey', ...keyColumns(), onConflict: onConflict() };
    if (accept('UNIQUE')) return { kind: 'unique', columns: keyColumns().columns, onConflict: onConflict() };
    if (accept('CHECK')) return { kind: 'check', expression: group(), onConflict: onConflict() };
    if (accept('FOREIGN', 'KEY')) {
      return { kind: 'foreignKey', columns: keyColumns().columns, references: references() };
    }
    return { kind: 'empty' };
  }

  /** CONSTRAINT and a name, where they are, and what `read` takes behind them. */
  function constraint(columns: readonly string[], read: () => Details): ConstraintText {
    const start = here();
    const named = accept('CONSTRAINT') ? identifier() : null;
    const bodyStart = here();
    const details = read();
    const nothing = details.kind === 'empty' && here() === bodyStart;
    if (nothing && named === null) throw new Unreadable(`A constraint was expected at "${rest()}"`);
    const span = since(start);
    return {
      columns,
      expression: null,
      references: null,
      onConflict: null,
      autoincrement: null,
      descending: false,
      stored: false,
      ...details,
      name: named?.name ?? null,
      nameSpan: named?.span ?? null,
      span,
      body: nothing ? { start: span.end, end: span.end } : since(bodyStart),
    };
  }

  function isTypeEnd(): boolean {
    const keyword = word();
    return (
      [',', ')', '('].includes(keyword) ||
      columnConstraintWords.has(keyword) ||
      (keyword === 'GENERATED' && word(1) === 'ALWAYS')
    );
  }

  function column(): ColumnText {
    const { name, span } = identifier();
    const typeStart = here();
    while (!isTypeEnd()) identifier();
    const isTyped = here() > typeStart;
    if (isTyped && word() === '(') group();
    const type = isTyped ? since(typeStart) : null;
    const constraints: ConstraintText[] = [];
    while (word() !== ',' && word() !== ')') constraints.push(constraint([name], columnConstraint));
    return { name, span: since(span.start), nameSpan: span, type, constraints };
  }

  return {
    createTable(): CreateTable {
      expect('CREATE');
      if (!accept('TEMP')) accept('TEMPORARY');
      expect('TABLE');
      accept('IF', 'NOT', 'EXISTS');
      identifier();
      if (accept('.')) identifier();
      expect('(');
      const columns: ColumnText[] = [];
      const constraints: ConstraintText[] = [];
      while (!tableConstraintWords.has(word())) {
        columns.push(column());
        if (!accept(',')) break;
      }
      // The commas between the constraints of a table may be left out.
      while (word() !== ')') {
        constraints.push(constraint([], tableConstraint));
        accept(',');
      }
      expect(')');
      const options: string[] = [];
      while (!isOver()) options.push(keywordOf(text, next()));
      return { text, columns, constraints, withoutRowid: options.includes('WITHOUT') };
    },
  };
}
