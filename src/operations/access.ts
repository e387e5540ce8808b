import {
  either,
  fields,
  flag,
  kinds,
  listOf,
  name,
  oneOf,
  optional,
  options,
  required,
  someOf,
  sql,
  text,
  type Rule,
} from './argument-rules.ts';
import type { OptionsOf, Signatures } from './check-arguments.ts';
import { settled, type TableOptions } from './table-options.ts';

export interface PolicyOptions extends TableOptions {
  /** `permissive` unless given. */
  readonly as?: 'permissive' | 'restrictive';
  /** `all` unless given. */
  readonly for?: 'all' | 'select' | 'insert' | 'update' | 'delete';
  /** Roles; everybody unless given. */
  readonly to?: readonly string[];
  /** Which rows can be seen, as SQL. */
  readonly using?: string;
  /** Which rows can be written, as SQL. */
  readonly withCheck?: string;
  readonly orReplace?: boolean;
}

/** What privileges are granted on. */
export interface GrantObject extends TableOptions {
  readonly kind: 'table' | 'sequence' | 'schema' | 'database' | 'function' | 'procedure' | 'type';
  readonly name: string;
  /** Types of the parameters of a function or procedure, on PostgreSQL: `integer, text`. */
  readonly parameters?: string;
}

/** `select`, `insert` … or `all`; or one that is limited to some columns. */
export type Privilege = string | { readonly privilege: string; readonly columns: readonly string[] };

interface PolicyRecord {
  readonly name: string;
  readonly table: string;
  readonly schema: string | null;
}

export interface CreatePolicy extends PolicyRecord, Omit<PolicyOptions, 'schema'> {
  readonly kind: 'createPolicy';
}

export interface Grant {
  readonly kind: 'grant' | 'revoke';
  readonly privileges: readonly Privilege[];
  readonly on: GrantObject;
  readonly roles: readonly string[];
  readonly withGrantOption?: boolean;
}

export type AccessOperation =
  | CreatePolicy
  | (PolicyRecord & { readonly kind: 'dropPolicy'; readonly ifExists?: boolean })
  | {
      readonly kind: 'setRowSecurity';
      readonly table: string;
      readonly schema: string | null;
      readonly enabled?: boolean;
      readonly forced?: boolean;
    }
  | Grant;

/** Who may do what. Row security is PostgreSQL's; SQLite has no users. */
export interface AccessOperations {
  /** `op.grant(['select', 'insert'], { kind: 'table', name: 'users' }, ['app'])`. On MySQL a role may be `app@localhost`. */
  grant(
    privileges: readonly Privilege[],
    on: GrantObject,
    roles: readonly string[],
    options?: { readonly withGrantOption?: boolean },
  ): Promise<void>;
  revoke(privileges: readonly Privilege[], on: GrantObject, roles: readonly string[]): Promise<void>;
  createPolicy(name: string, table: string, options?: PolicyOptions): Promise<void>;
  dropPolicy(name: string, table: string, options?: TableOptions & { readonly ifExists?: boolean }): Promise<void>;
  /** Turns the policies of a table on or off; `forced` makes them hold for the owner too. */
  setRowSecurity(
    table: string,
    options: TableOptions & { readonly enabled?: boolean; readonly forced?: boolean },
  ): Promise<void>;
}

export function accessOperations(perform: (operation: AccessOperation) => Promise<void>): AccessOperations {
  return {
    grant: (privileges, on, roles, options) => perform({ kind: 'grant', privileges, on, roles, ...options }),
    revoke: (privileges, on, roles) => perform({ kind: 'revoke', privileges, on, roles }),
    createPolicy: (name, table, options) => perform({ kind: 'createPolicy', name, table, ...settled(options) }),
    dropPolicy: (name, table, options) => perform({ kind: 'dropPolicy', name, table, ...settled(options) }),
    setRowSecurity: (table, options) => perform({ kind: 'setRowSecurity', table, ...settled(options) }),
  };
}

const privilege = either(name, fields<Exclude<Privilege, string>>({ privilege: name, columns: someOf(name) }));
const grantObject = (kind: Rule): Rule =>
  fields<GrantObject>({ kind, name, schema: optional(name), parameters: optional(text) });
const on = kinds<GrantObject['kind']>({
  table: grantObject,
  sequence: grantObject,
  schema: grantObject,
  database: grantObject,
  function: grantObject,
  procedure: grantObject,
  type: grantObject,
});
const whatToWhom = { privileges: someOf(privilege), on, roles: someOf(name) };

export const accessSignatures: Signatures<AccessOperations> = {
  grant: { ...whatToWhom, options: options<OptionsOf<AccessOperations['grant']>>({ withGrantOption: flag }) },
  revoke: whatToWhom,
  createPolicy: {
    name,
    table: name,
    options: options<PolicyOptions>({
      schema: name,
      as: oneOf('permissive', 'restrictive'),
      for: oneOf('all', 'select', 'insert', 'update', 'delete'),
      to: listOf(name),
      using: sql,
      withCheck: sql,
      orReplace: flag,
    }),
  },
  dropPolicy: {
    name,
    table: name,
    options: options<OptionsOf<AccessOperations['dropPolicy']>>({ schema: name, ifExists: flag }),
  },
  setRowSecurity: {
    table: name,
    options: required(
      options<OptionsOf<AccessOperations['setRowSecurity']>>({ schema: name, enabled: flag, forced: flag }),
    ),
  },
};
