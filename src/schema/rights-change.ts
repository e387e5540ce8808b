import type { GrantedPrivilege } from './snapshot.ts';

/** What makes one set of privileges into another. Names within a list are different. */
export interface RightsChange {
  readonly revoked: readonly string[];
  /** What is kept and may no longer be passed on. */
  readonly optionRevoked: readonly string[];
  readonly granted: readonly string[];
  readonly grantedWithOption: readonly string[];
  /** True when something could be passed on before, and nothing can be after. */
  readonly losesOption: boolean;
}

export function rightsChange(from: readonly GrantedPrivilege[], to: readonly GrantedPrivilege[]): RightsChange {
  const old = new Map(from.map(({ name, grantable }) => [name, grantable]));
  const wanted = new Map(to.map(({ name, grantable }) => [name, grantable]));
  return {
    revoked: [...old.keys()].filter((name) => !wanted.has(name)),
    optionRevoked: [...old.keys()].filter((name) => old.get(name) === true && wanted.get(name) === false),
    granted: [...wanted.keys()].filter((name) => wanted.get(name) === false && !old.has(name)),
    grantedWithOption: [...wanted.keys()].filter((name) => wanted.get(name) === true && old.get(name) !== true),
    losesOption: [...old.values()].includes(true) && ![...wanted.values()].includes(true),
  };
}

/** Privileges that nobody may pass on. */
export function plainPrivileges(names: readonly string[]): readonly GrantedPrivilege[] {
  return names.map((name) => ({ name, grantable: false }));
}
