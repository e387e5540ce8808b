import type { SchemaRules } from '../../schema/schema-rules.ts';
import { alterObject } from './alter-object.ts';
import { breaksOnRename } from './breaks-on-rename.ts';
import { clientStatements } from '../script/client-text.ts';
import { createObject, dropObject } from './create-object.ts';
import { introspect } from './introspect.ts';
import { relations } from './relations.ts';
import { createScratch } from './scratch.ts';

/** Schemas of MySQL and MariaDB. */
export const schema: SchemaRules = {
  introspect,
  relations,
  create: createObject,
  drop: dropObject,
  alter: alterObject,
  // Nothing is named after its table that would lose anything.
  renameBelongings: () => [],
  prepare: (connection) => connection.script('SET SESSION foreign_key_checks = 0'),
  inRevision: (statements) => statements,
  script: (statements) => statements.map((sql) => `${clientStatements(sql).join('\n')}\n`).join('\n'),
  stopAtError: null,
  createScratch,
  schemasInside: false,
  breaksOnRename,
};
