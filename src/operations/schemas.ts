import { flag, name, options } from './argument-rules.ts';
import type { OptionsOf, Signatures } from './check-arguments.ts';

export type SchemaOperation =
  | { readonly kind: 'createSchema'; readonly name: string; readonly ifNotExists?: boolean; readonly owner?: string }
  | { readonly kind: 'dropSchema'; readonly name: string; readonly ifExists?: boolean; readonly cascade?: boolean }
  | {
      readonly kind: 'createExtension';
      readonly name: string;
      readonly ifNotExists?: boolean;
      readonly schema?: string;
      readonly version?: string;
    }
  | { readonly kind: 'dropExtension'; readonly name: string; readonly ifExists?: boolean; readonly cascade?: boolean };

/** Schemas and extensions. A schema of MySQL is a database; extensions are PostgreSQL's. */
export interface SchemaOperations {
  createSchema(
    name: string,
    options?: {
      readonly ifNotExists?: boolean;
      /** PostgreSQL. */
      readonly owner?: string;
    },
  ): Promise<void>;
  /** Without `cascade` PostgreSQL drops only an empty schema. MySQL always drops it with all it holds. */
  dropSchema(name: string, options?: { readonly ifExists?: boolean; readonly cascade?: boolean }): Promise<void>;
  createExtension(
    name: string,
    options?: { readonly ifNotExists?: boolean; readonly schema?: string; readonly version?: string },
  ): Promise<void>;
  dropExtension(name: string, options?: { readonly ifExists?: boolean; readonly cascade?: boolean }): Promise<void>;
}

export function schemaOperations(perform: (operation: SchemaOperation) => Promise<void>): SchemaOperations {
  return {
    createSchema: (name, options) => perform({ kind: 'createSchema', name, ...options }),
    dropSchema: (name, options) => perform({ kind: 'dropSchema', name, ...options }),
    createExtension: (name, options) => perform({ kind: 'createExtension', name, ...options }),
    dropExtension: (name, options) => perform({ kind: 'dropExtension', name, ...options }),
  };
}

const dropped = { ifExists: flag, cascade: flag };

export const schemaSignatures: Signatures<SchemaOperations> = {
  createSchema: {
    name,
    options: options<OptionsOf<SchemaOperations['createSchema']>>({ ifNotExists: flag, owner: name }),
  },
  dropSchema: { name, options: options<OptionsOf<SchemaOperations['dropSchema']>>(dropped) },
  createExtension: {
    name,
    options: options<OptionsOf<SchemaOperations['createExtension']>>({
      ifNotExists: flag,
      schema: name,
      version: name,
    }),
  },
  dropExtension: { name, options: options<OptionsOf<SchemaOperations['dropExtension']>>(dropped) },
};
