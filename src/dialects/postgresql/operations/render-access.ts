import type { CreatePolicy, Grant, GrantObject } from '../../../operations/access.ts';
import type { OperationOf } from '../../../operations/operation.ts';
import { grantStatement } from '../../operations/grant-text.ts';
import { cannot, statement, words } from '../../operations/render-parts.ts';
import type { Statement } from '../../statement.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';

export function createPolicy(operation: CreatePolicy): readonly Statement[] {
  const { name, table, schema, to, using, withCheck, orReplace = false } = operation;
  const created = statement(
    'CREATE POLICY',
    quoteIdentifier(name),
    'ON',
    quoteTable({ schema, name: table }),
    operation.as !== undefined && `AS ${words(operation.as, 'kind of a policy')}`,
    operation.for !== undefined && `FOR ${words(operation.for, 'command')}`,
    to !== undefined && `TO ${to.map(roleText).join(', ')}`,
    using !== undefined && `USING (${using})`,
    withCheck !== undefined && `WITH CHECK (${withCheck})`,
  );
  const dropped = dropPolicy({ kind: 'dropPolicy', name, table, schema, ifExists: true });
  return orReplace ? [dropped, created] : [created];
}

export function dropPolicy(operation: OperationOf<'dropPolicy'>): Statement {
  const { name, table, schema, ifExists = false } = operation;
  const on = quoteTable({ schema, name: table });
  return statement('DROP POLICY', ifExists && 'IF EXISTS', quoteIdentifier(name), 'ON', on);
}

export function setRowSecurity(operation: OperationOf<'setRowSecurity'>): Statement {
  const { table, schema, enabled, forced } = operation;
  const changes = [
    ...(enabled === undefined ? [] : [`${enabled ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`]),
    ...(forced === undefined ? [] : [`${forced ? 'FORCE' : 'NO FORCE'} ROW LEVEL SECURITY`]),
  ];
  if (changes.length === 0) throw cannot('Nothing was said of row security.', 'Say "enabled", "forced" or both.');
  return statement('ALTER TABLE', quoteTable({ schema, name: table }), changes.join(', '));
}

export function grant(operation: Grant): Statement {
  return grantStatement(operation, { quoteIdentifier, objectText, roleText });
}

function objectText({ kind, name, schema, parameters }: GrantObject): string {
  const signature = parameters === undefined ? '' : `(${parameters})`;
  return `${words(kind, 'kind of object')} ${quoteTable({ schema: schema ?? null, name })}${signature}`;
}

/** PUBLIC, CURRENT_USER and SESSION_USER are no names. */
export function roleText(role: string): string {
  return /^(?:public|current_user|current_role|session_user)$/i.test(role) ? role.toUpperCase() : quoteIdentifier(role);
}
