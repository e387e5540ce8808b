import { assertNever } from '../support/assert-never.ts';
import type { DialectName } from './connection.ts';
import type { Dialect } from './dialect.ts';

/** The dialect of this name, loaded on first use. The only place that names all of them. */
export async function dialectOf(name: DialectName): Promise<Dialect> {
  switch (name) {
    case 'sqlite':
      return (await import('./sqlite/dialect.ts')).sqlite;
    case 'postgresql':
      return (await import('./postgresql/dialect.ts')).postgresql;
    case 'mysql':
      return (await import('./mysql/dialect.ts')).mysql;
    default:
      return assertNever(name);
  }
}
