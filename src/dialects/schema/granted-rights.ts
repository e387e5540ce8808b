import type { Alteration } from '../../schema/change.ts';
import type { Grant, GrantedPrivilege, Need } from '../../schema/snapshot.ts';
import { plainPrivileges, rightsChange } from '../../schema/rights-change.ts';
import { byCodePoint } from '../../support/text.ts';

/** How a dialect names what a right is on, and to whom. */
export interface RightsText {
  /** What stands before GRANT and REVOKE, with a blank behind it; mostly nothing. */
  readonly before: string;
  readonly on: string;
  /** As SQL; null for the whole object. */
  readonly column: string | null;
  readonly grantee: string;
  /** False where all privileges of an object can be passed on, or none. */
  readonly optionForEach: boolean;
}

/** A right as an object of a snapshot. `id` follows from what it is on, which `subject` names. */
export function grantObject(
  right: Pick<Grant, 'grantee' | 'on' | 'privileges' | 'usual'> & {
    readonly owner: string | null;
    readonly subject: string;
    readonly needs: readonly Need[];
  },
  text: RightsText,
): Grant {
  const { subject, ...rest } = right;
  const privileges = rest.privileges.toSorted((a, b) => byCodePoint(a.name, b.name));
  const usual = plainPrivileges(rest.usual.toSorted(byCodePoint));
  return {
    ...rest,
    kind: 'grant',
    id: `grant to ${rest.grantee} on ${subject}`,
    schema: null,
    name: `${rest.grantee} on ${subject}`,
    privileges,
    usual: usual.map(({ name }) => name),
    definition: rightsStatements(usual, privileges, text),
    removal: rightsStatements(privileges, usual, text),
    meaning: null,
    shape: [],
  };
}

/** The difference of two rights of one grantee on one thing. */
export function alterRights(from: Grant, to: Grant, text: RightsText): Alteration {
  return { statements: rightsStatements(from.privileges, to.privileges, text), touched: [], loses: [] };
}

/** What is taken away comes first; what may be passed on is given in a statement of its own. */
function rightsStatements(
  from: readonly GrantedPrivilege[],
  to: readonly GrantedPrivilege[],
  { before, on, column, grantee, optionForEach }: RightsText,
): readonly string[] {
  const { revoked, optionRevoked, granted, grantedWithOption, losesOption } = rightsChange(from, to);
  // It says nothing: the right to pass on needs some word to stand beside.
  const taken = revoked.filter((name) => optionForEach || name !== 'USAGE');
  const listed = (names: readonly string[]): string =>
    names.map((name) => (column === null ? name : `${name} (${column})`)).join(', ');
  const revoke = (what: string): string => `${before}REVOKE ${what} ON ${on} FROM ${grantee}`;
  const grant = (names: readonly string[], option: string): readonly string[] =>
    names.length === 0 ? [] : [`${before}GRANT ${listed(names)} ON ${on} TO ${grantee}${option}`];
  return [
    ...(taken.length === 0 ? [] : [revoke(listed(taken))]),
    ...(optionForEach && optionRevoked.length > 0 ? [revoke(`GRANT OPTION FOR ${listed(optionRevoked)}`)] : []),
    ...(!optionForEach && losesOption ? [revoke('GRANT OPTION')] : []),
    ...grant(granted, ''),
    ...grant(grantedWithOption, ' WITH GRANT OPTION'),
  ];
}
