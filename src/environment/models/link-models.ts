import { nearest } from '../../support/text.ts';
import type { Field, Model, Reference } from './model.ts';
import type { OpenReference, OpenRelation, SettledModel } from './settle-model.ts';
import type { Mistake } from './written-model.ts';

/** A field that a relation makes. */
interface Related {
  readonly field: Field;
  readonly reference: Reference;
}

/** Finds what the models refer to, in any order and in rings. `report` hears of what is not there, or there twice. */
export function linkModels(
  models: readonly SettledModel[],
  report: (model: SettledModel, mistake: Mistake) => void,
): readonly Model[] {
  const byTable = new Map<string, SettledModel>();
  const byName = new Map<string, SettledModel>();
  for (const model of models) {
    const { table, name } = model;
    const other = byTable.get(table);
    if (other !== undefined) report(model, { path: ['table'], message: `is ${table}, as in ${other.where}` });
    byTable.set(table, model);
    byName.set(name, model);
  }
  return models.map((model) => {
    const { relations: _, references, ...rest } = model;
    const found = references.flatMap((reference) => resolved(reference, model) ?? []);
    const related = relatedOf(model, found);
    const known = new Set(rest.fields.map(({ name }) => name));
    return {
      ...rest,
      fields: [...rest.fields, ...related.map(({ field }) => field).filter(({ name }) => !known.has(name))],
      references: [...found, ...related.map(({ reference }) => reference)],
    };
  });

  function resolved({ path, ...reference }: OpenReference, model: SettledModel): Reference | null {
    const other = byTable.get(reference.table);
    if (other === undefined) {
      const near = nearest(reference.table, byTable.keys());
      const message = `names the table ${reference.table}, which no model has${near === null ? '' : `; did you mean ${near}?`}`;
      report(model, { path, message });
      return null;
    }
    const to = fieldOf(other, reference.to, (message) => report(model, { path, message }));
    return to === null ? null : { ...reference, to: to.name };
  }

  /** What the relations add to what the fields refer to by themselves: a field has one foreign key. */
  function relatedOf(model: SettledModel, found: readonly Reference[]): readonly Related[] {
    const seen = new Set<string>();
    return model.relations.flatMap((relation) => {
      const { field, path } = relation;
      if (seen.has(field)) {
        report(model, { path, message: `is the field ${field}, as another relation is: write one of them as a field` });
        return [];
      }
      seen.add(field);
      const related = resolvedRelation(relation, model);
      const said = found.find((reference) => reference.field === field);
      if (related === null || said === undefined) return related ?? [];
      const { table, to } = related.reference;
      if (said.table !== table || said.to !== to) {
        const message = `refers to ${table}.${to}, and the field ${field} to ${said.table}.${said.to}`;
        report(model, { path, message });
      }
      return [];
    });
  }

  function resolvedRelation({ field, target, foreignKey, path }: OpenRelation, model: SettledModel): Related | null {
    const model2 = byName.get(target);
    if (model2 === undefined) {
      const near = nearest(target, byName.keys());
      report(model, {
        path: [...path, 'target'],
        message: `is ${target}, the name of no model${near === null ? '' : `; did you mean ${near}?`}`,
      });
      return null;
    }
    const [table = model2.table, to = null] = foreignKey?.split('.') ?? [];
    const open: OpenReference = { field, table, to, name: null, onDelete: null, onUpdate: null, path };
    const reference = resolved(open, model);
    const key = byTable.get(table)?.fields.find(({ name }) => name === reference?.to);
    if (reference === null || key === undefined) return null;
    return { field: referringField(field, key), reference };
  }
}

/** The field of a name, or the only one of the primary key. */
function fieldOf(model: SettledModel, name: string | null, wrong: (message: string) => void): Field | null {
  if (name === null) {
    const [key, ...more] = model.fields.filter(({ isPrimary }) => isPrimary);
    if (key !== undefined && more.length === 0) return key;
    wrong(`must name a field of ${model.table}, which has no primary key of a single one`);
    return null;
  }
  const found = model.fields.find((field) => field.name === name);
  if (found !== undefined) return found;
  const near = nearest(
    name,
    model.fields.map((field) => field.name),
  );
  wrong(`names ${model.table}.${name}, which is no field${near === null ? '' : `; did you mean ${near}?`}`);
  return null;
}

/** It has the type of the key, and may be left out. */
function referringField(name: string, key: Field): Field {
  return {
    ...key,
    name,
    isRequired: false,
    isPrimary: false,
    isNumbered: false,
    default: null,
    renamedFrom: null,
    description: null,
  };
}
