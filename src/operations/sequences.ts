import { fields, flag, name, nullable, oneOf, options, required, wholeNumber } from './argument-rules.ts';
import type { OptionsOf, Signatures } from './check-arguments.ts';
import { settled, type TableOptions } from './table-options.ts';

export interface SequenceOptions {
  readonly increment?: number | bigint;
  /** Null for the type's own bound. */
  readonly min?: number | bigint | null;
  readonly max?: number | bigint | null;
  /** Numbers a session takes at once. */
  readonly cache?: number;
  /** Begins anew after the last number. */
  readonly cycle?: boolean;
  /** The column it is dropped with; null for none. PostgreSQL. */
  readonly ownedBy?: { readonly table: string; readonly column: string } | null;
}

export interface CreateSequenceOptions extends TableOptions, SequenceOptions {
  readonly start?: number | bigint;
  readonly ifNotExists?: boolean;
  /** PostgreSQL; `bigint` unless given. */
  readonly type?: 'smallint' | 'integer' | 'bigint';
}

export interface AlterSequenceOptions extends TableOptions, SequenceOptions {
  /** The next number. */
  readonly restart?: number | bigint;
}

interface SequenceRecord {
  readonly name: string;
  readonly schema: string | null;
}

export type SequenceOperation =
  | (SequenceRecord & Omit<CreateSequenceOptions, 'schema'> & { readonly kind: 'createSequence' })
  | (SequenceRecord & Omit<AlterSequenceOptions, 'schema'> & { readonly kind: 'alterSequence' })
  | (SequenceRecord & { readonly kind: 'dropSequence'; readonly ifExists?: boolean; readonly cascade?: boolean });

/** Sequences: PostgreSQL and MariaDB. */
export interface SequenceOperations {
  createSequence(name: string, options?: CreateSequenceOptions): Promise<void>;
  alterSequence(name: string, options: AlterSequenceOptions): Promise<void>;
  dropSequence(
    name: string,
    options?: TableOptions & { readonly ifExists?: boolean; readonly cascade?: boolean },
  ): Promise<void>;
}

export function sequenceOperations(perform: (operation: SequenceOperation) => Promise<void>): SequenceOperations {
  return {
    createSequence: (name, options) => perform({ kind: 'createSequence', name, ...settled(options) }),
    alterSequence: (name, options) => perform({ kind: 'alterSequence', name, ...settled(options) }),
    dropSequence: (name, options) => perform({ kind: 'dropSequence', name, ...settled(options) }),
  };
}

const numbering = {
  schema: name,
  increment: wholeNumber,
  min: nullable(wholeNumber),
  max: nullable(wholeNumber),
  cache: wholeNumber,
  cycle: flag,
  ownedBy: nullable(fields<NonNullable<SequenceOptions['ownedBy']>>({ table: name, column: name })),
};

export const sequenceSignatures: Signatures<SequenceOperations> = {
  createSequence: {
    name,
    options: options<CreateSequenceOptions>({
      ...numbering,
      start: wholeNumber,
      ifNotExists: flag,
      type: oneOf('smallint', 'integer', 'bigint'),
    }),
  },
  alterSequence: { name, options: required(options<AlterSequenceOptions>({ ...numbering, restart: wholeNumber })) },
  dropSequence: {
    name,
    options: options<OptionsOf<SequenceOperations['dropSequence']>>({ schema: name, ifExists: flag, cascade: flag }),
  },
};
