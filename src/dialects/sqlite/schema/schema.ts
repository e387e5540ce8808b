import type { SchemaObject } from '../../../schema/snapshot.ts';
import type { SchemaRules } from '../../schema/schema-rules.ts';
import { alterObject } from './alter-object.ts';
import { introspect } from './introspect.ts';
import { quoteIdentifier } from '../quote.ts';
import { relations } from './relations.ts';
import { createScratch } from './scratch.ts';

/** Schemas of SQLite, which keeps the text of everything. */
export const schema: SchemaRules = {
  introspect,
  relations,
  create: createObject,
  drop: dropObject,
  alter: alterObject,
  // Nothing is named after its table that would lose anything.
  renameBelongings: () => [],
  prepare: () => Promise.resolve(),
  // A revision is one transaction already.
  inRevision: (statements) => statements.filter((sql) => !/^(?:SAVEPOINT|RELEASE) /.test(sql)),
  script: (statements) => statements.map((sql) => `${sql};\n`).join('\n'),
  // The shell goes on after an error: a rebuild whose guard has fired would drop the old table all the same.
  stopAtError: '.bail on',
  createScratch,
  schemasInside: false,
  // Views and triggers follow.
  breaksOnRename: () => false,
};

function createObject(object: SchemaObject): readonly string[] {
  if (object.kind === 'table') return object.text === null ? [] : [object.text];
  return 'definition' in object ? object.definition : [];
}

function dropObject(object: SchemaObject): readonly string[] {
  return 'removal' in object ? object.removal : [`DROP TABLE ${quoteIdentifier(object.name)}`];
}
