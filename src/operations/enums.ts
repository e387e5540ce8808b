import { flag, listOf, mapOf, name, options, text } from './argument-rules.ts';
import type { OptionsOf, Signatures } from './check-arguments.ts';
import { settled, type TableOptions } from './table-options.ts';

interface EnumRecord {
  readonly name: string;
  readonly schema: string | null;
}

export interface ReplaceEnumValues extends EnumRecord {
  readonly kind: 'replaceEnumValues';
  readonly values: readonly string[];
  readonly mapping: Readonly<Record<string, string>>;
}

export type EnumOperation =
  | (EnumRecord & { readonly kind: 'createEnum'; readonly values: readonly string[]; readonly ifNotExists?: boolean })
  | (EnumRecord & {
      readonly kind: 'addEnumValue';
      readonly value: string;
      readonly before?: string;
      readonly after?: string;
      readonly ifNotExists?: boolean;
    })
  | (EnumRecord & { readonly kind: 'renameEnumValue'; readonly from: string; readonly to: string })
  | ReplaceEnumValues
  | (EnumRecord & { readonly kind: 'dropEnum'; readonly ifExists?: boolean; readonly cascade?: boolean });

/** Enum types, which are PostgreSQL's. Elsewhere an enum belongs to a column: `t.enu('state', ['open', 'closed'])`. */
export interface EnumOperations {
  createEnum(
    name: string,
    values: readonly string[],
    options?: TableOptions & { readonly ifNotExists?: boolean },
  ): Promise<void>;
  /**
   * Adds a value, last or beside another one. What came before is committed first: the new value can be used only after
   * a commit, and PostgreSQL before 12 adds none inside a transaction.
   */
  addEnumValue(
    name: string,
    value: string,
    options?: TableOptions & { readonly before?: string; readonly after?: string; readonly ifNotExists?: boolean },
  ): Promise<void>;
  renameEnumValue(name: string, from: string, to: string, options?: TableOptions): Promise<void>;
  /**
   * Gives the type another set of values, in this order, and every column of the type with it; PostgreSQL itself cannot
   * take a value away. `mapping` says what becomes of values that are no more; a row with a value that is neither kept
   * nor mapped makes the revision fail. The tables are written anew under a lock.
   */
  replaceEnumValues(
    name: string,
    values: readonly string[],
    options?: TableOptions & { readonly mapping?: Readonly<Record<string, string>> },
  ): Promise<void>;
  dropEnum(
    name: string,
    options?: TableOptions & { readonly ifExists?: boolean; readonly cascade?: boolean },
  ): Promise<void>;
}

export function enumOperations(perform: (operation: EnumOperation) => Promise<void>): EnumOperations {
  return {
    createEnum: (name, values, options) => perform({ kind: 'createEnum', name, values, ...settled(options) }),
    addEnumValue: (name, value, options) => perform({ kind: 'addEnumValue', name, value, ...settled(options) }),
    renameEnumValue: (name, from, to, options) =>
      perform({ kind: 'renameEnumValue', name, from, to, ...settled(options) }),
    replaceEnumValues: (name, values, options) =>
      perform({ kind: 'replaceEnumValues', name, values, mapping: {}, ...settled(options) }),
    dropEnum: (name, options) => perform({ kind: 'dropEnum', name, ...settled(options) }),
  };
}

export const enumSignatures: Signatures<EnumOperations> = {
  createEnum: {
    name,
    values: listOf(text),
    options: options<OptionsOf<EnumOperations['createEnum']>>({ schema: name, ifNotExists: flag }),
  },
  addEnumValue: {
    name,
    value: text,
    options: options<OptionsOf<EnumOperations['addEnumValue']>>({
      schema: name,
      before: text,
      after: text,
      ifNotExists: flag,
    }),
  },
  renameEnumValue: { name, from: text, to: text, options: options<TableOptions>({ schema: name }) },
  replaceEnumValues: {
    name,
    values: listOf(text),
    options: options<OptionsOf<EnumOperations['replaceEnumValues']>>({ schema: name, mapping: mapOf(text) }),
  },
  dropEnum: {
    name,
    options: options<OptionsOf<EnumOperations['dropEnum']>>({ schema: name, ifExists: flag, cascade: flag }),
  },
};
