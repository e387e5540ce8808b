import type { Grant, GrantObject, Privilege } from '../../operations/access.ts';
import { cannot, nameList, statement, words } from '../render-parts.ts';
import type { Statement } from '../statement.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';
import { textRules } from './text-rules.ts';

export function grant({ kind, privileges, on, roles, withGrantOption = false }: Grant): Statement {
  return statement(
    kind === 'grant' ? 'GRANT' : 'REVOKE',
    privileges.map(privilegeText).join(', '),
    'ON',
    objectText(on),
    kind === 'grant' ? 'TO' : 'FROM',
    roles.map(accountText).join(', '),
    withGrantOption && 'WITH GRANT OPTION',
  );
}

function privilegeText(privilege: Privilege): string {
  if (typeof privilege === 'string') return words(privilege, 'privilege');
  return `${words(privilege.privilege, 'privilege')} ${nameList(privilege.columns, textRules)}`;
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
function accountText(role: string): string {
  const at = role.lastIndexOf('@');
  if (at < 0) return quoteIdentifier(role);
  return `${quoteIdentifier(role.slice(0, at))}@${quoteIdentifier(role.slice(at + 1))}`;
}
