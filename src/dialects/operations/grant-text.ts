import type { Grant, GrantObject, Privilege } from '../../operations/access.ts';
import { nameList, statement, words, type TextRules } from './render-parts.ts';
import type { Statement } from '../statement.ts';

/** How a dialect names what rights are about. */
export interface GrantRules extends Pick<TextRules, 'quoteIdentifier'> {
  readonly objectText: (on: GrantObject) => string;
  readonly roleText: (role: string) => string;
}

/** GRANT or REVOKE, as standard SQL has them. */
export function grantStatement(
  { kind, privileges, on, roles, withGrantOption = false }: Grant,
  rules: GrantRules,
): Statement {
  return statement(
    kind === 'grant' ? 'GRANT' : 'REVOKE',
    privileges.map((privilege) => privilegeText(privilege, rules)).join(', '),
    'ON',
    rules.objectText(on),
    kind === 'grant' ? 'TO' : 'FROM',
    roles.map(rules.roleText).join(', '),
    withGrantOption && 'WITH GRANT OPTION',
  );
}

function privilegeText(privilege: Privilege, rules: GrantRules): string {
  if (typeof privilege === 'string') return words(privilege, 'privilege');
  return `${words(privilege.privilege, 'privilege')} ${nameList(privilege.columns, rules)}`;
}
