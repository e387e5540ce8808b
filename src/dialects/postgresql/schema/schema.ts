import type { SchemaRules } from '../../schema/schema-rules.ts';
import { alterObject } from './alter-object.ts';
import { createObject } from './create-object.ts';
import { dropObject } from './drop-object.ts';
import { introspect } from './introspect.ts';
import { renameBelongings } from './rename-belongings.ts';
import { relations } from './relations.ts';
import { createScratch } from './scratch.ts';

/** The body of a function may name what comes after it. */
const anyOrder = 'SET check_function_bodies = off';

/** Schemas of PostgreSQL. */
export const schema: SchemaRules = {
  introspect,
  relations,
  create: createObject,
  drop: dropObject,
  alter: alterObject,
  renameBelongings,
  prepare: (connection) => connection.script(anyOrder),
  inRevision: (statements) =>
    statements.some((sql) => /^CREATE OR REPLACE (?:FUNCTION|PROCEDURE)/.test(sql))
      ? [anyOrder, ...statements]
      : statements,
  script: (statements) => [anyOrder, ...statements].map((sql) => `${sql};\n`).join('\n'),
  stopAtError: String.raw`\set ON_ERROR_STOP on`,
  createScratch,
  schemasInside: true,
  // Views and triggers follow.
  breaksOnRename: () => false,
};
