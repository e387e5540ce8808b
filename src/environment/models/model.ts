/** A table as a model file describes it, with everything settled. */
export interface Model {
  readonly table: string;
  /** What relations of other models call it; the table where the file gives no name. */
  readonly name: string;
  /** Name that the table had; null for none. */
  readonly renamedFrom: string | null;
  /** Comment of the table; null for none. */
  readonly description: string | null;
  /** In the order of the table. */
  readonly fields: readonly Field[];
  /** Beside the primary key, which the fields tell. */
  readonly keys: readonly Key[];
  readonly references: readonly Reference[];
  /** `models/product.yaml:2`. */
  readonly where: string;
}

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Of a string; null where the file does not say. */
  readonly maxLength: number | null;
  /** Of a decimal. */
  readonly precision: number;
  readonly scale: number;
  /** Of an enum. */
  readonly values: readonly string[];
  readonly isRequired: boolean;
  readonly isPrimary: boolean;
  /** True where the database numbers the rows. */
  readonly isNumbered: boolean;
  /** Null for none. */
  readonly default: FieldDefault | null;
  readonly renamedFrom: string | null;
  readonly description: string | null;
}

/** A value, or SQL as it is written. */
export type FieldDefault = string | number | boolean | { readonly sql: string };

/** An index, or a unique constraint. */
export interface Key {
  readonly kind: 'index' | 'unique';
  /** Null for the name that knex gives. */
  readonly name: string | null;
  readonly fields: readonly string[];
}

/** A foreign key of one field. */
export interface Reference {
  readonly field: string;
  /** Null for the name that knex gives. */
  readonly name: string | null;
  readonly table: string;
  readonly to: string;
  readonly onDelete: ReferenceAction | null;
  readonly onUpdate: ReferenceAction | null;
}

export const fieldTypes = [
  'string',
  'text',
  'integer',
  'smallint',
  'bigint',
  'float',
  'decimal',
  'boolean',
  'date',
  'time',
  'datetime',
  'timestamp',
  'uuid',
  'json',
  'jsonb',
  'binary',
  'enum',
] as const;
export type FieldType = (typeof fieldTypes)[number];

export const referenceActions = ['no action', 'restrict', 'cascade', 'set null', 'set default'] as const;
export type ReferenceAction = (typeof referenceActions)[number];
