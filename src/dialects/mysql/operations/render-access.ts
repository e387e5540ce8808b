import type { Grant, GrantObject } from '../../../operations/access.ts';
import { grantStatement } from '../../operations/grant-text.ts';
import { cannot } from '../../operations/render-parts.ts';
import type { Statement } from '../../statement.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';

export function grant(operation: Grant): Statement {
  return grantStatement(operation, { quoteIdentifier, objectText, roleText: accountText });
}

function objectText({ kind, name, schema }: GrantObject): string {
  switch (kind) {
    case 'table':
    case 'function':
    case 'procedure':
      return `${kind.toUpperCase()} ${quoteTable({ schema: schema ?? null, name })}`;
    case 'schema':
    case 'database':
      return `${quoteIdentifier(name)}.*`;
    default:
      throw cannot(`MySQL has no privileges on a ${kind}.`, 'Grant them on a table or a database.');
  }
}

/** `name` or `name@host`. The quotes of identifiers serve for accounts too (MySQL manual, "Specifying Account Names"). */
export function accountText(role: string): string {
  const at = role.lastIndexOf('@');
  if (at < 0) return quoteIdentifier(role);
  return `${quoteIdentifier(role.slice(0, at))}@${quoteIdentifier(role.slice(at + 1))}`;
}
