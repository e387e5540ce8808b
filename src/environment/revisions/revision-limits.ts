import type { StatementLimits } from '../../dialects/limits.ts';
import { fields } from '../../revisions/header-findings.ts';
import { headerLines, limitNames, lineOfExport, type LimitName } from '../../revisions/written-limits.ts';
import { nearest } from '../../support/text.ts';
import { parseDuration } from '../duration.ts';

/** The limits that a revision sets for its own statements, or the first thing that is wrong with them. */
export type LimitsReading =
  | { readonly kind: 'limits'; readonly limits: StatementLimits }
  | { readonly kind: 'invalid'; readonly line: number | null; readonly reason: string };

interface Written {
  readonly name: string;
  readonly value: unknown;
  readonly line: () => number | null;
}

/** Of a module: `export const lock_timeout = '5s'`, `export const statement_timeout = '10m'`; a number is milliseconds. */
export function limitsOfModule(exports: Readonly<Record<string, unknown>>, source: string): LimitsReading {
  const written = Object.entries(exports).filter(([, value]) => typeof value !== 'function');
  return readLimits(written.map(([name, value]) => ({ name, value, line: () => lineOfExport(source, name) })));
}

/** Of a .sql revision: the lines `-- lock_timeout: 5s` and `-- statement_timeout: 10m` before its first section. */
export function limitsOfSql(source: string): LimitsReading {
  return readLimits(headerLines(source).map(({ name, text, line }) => ({ name, value: text, line: () => line })));
}

/** Every revision has them, and none is a slip of a limit. */
const headerNames: ReadonlySet<string> = new Set(fields);

function readLimits(written: readonly Written[]): LimitsReading {
  const found = new Map<LimitName, number>();
  for (const { name, value, line } of written) {
    if (headerNames.has(name)) continue;
    const limit = limitNames.find((known) => known === name);
    if (limit === undefined) {
      // A limit that is misspelt would be none, and nobody would notice before the table is locked.
      const near = nearest(name, limitNames);
      if (near !== null) return { kind: 'invalid', line: line(), reason: `${name} is no limit; did you mean ${near}?` };
      continue;
    }
    if (found.has(limit)) return { kind: 'invalid', line: line(), reason: `${name} is written twice` };
    const milliseconds = typeof value === 'string' || typeof value === 'number' ? parseDuration(value) : null;
    if (milliseconds === null) {
      const reason = `${name} is no duration: ${JSON.stringify(value)}; write for instance 500ms, 5s or 10m`;
      return { kind: 'invalid', line: line(), reason };
    }
    found.set(limit, milliseconds);
  }
  return {
    kind: 'limits',
    limits: {
      tableLockTimeoutMs: found.get('lock_timeout') ?? null,
      statementTimeoutMs: found.get('statement_timeout') ?? null,
    },
  };
}
