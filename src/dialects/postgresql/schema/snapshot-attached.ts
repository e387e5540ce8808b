import { byCodePoint } from '../../../support/text.ts';
import { groupBy } from '../../../support/group-by.ts';
import { objectId, type Need } from '../../../schema/snapshot.ts';
import { qualified, whole, written, type Found } from './found-object.ts';
import { quoteIdentifier } from '../quote.ts';
import type { SchemaIds } from './schema-ids.ts';
import type { Catalogue, IndexRow, Oid, PolicyRow, RelationRow, TriggerRow } from './schema-rows.ts';

/** What hangs on tables and views: indexes, partitions, foreign keys, triggers, rules, policies, statistics. */
export function attachedObjects(catalogue: Catalogue, ids: SchemaIds): readonly Found[] {
  const relations = new Map(catalogue.relations.map((row) => [String(row.oid), row]));
  const on = <Row extends { readonly relation: Oid }>(
    rows: readonly Row[],
    make: (row: Row, relation: RelationRow, owner: string) => Found,
  ): readonly Found[] =>
    rows.flatMap((row) => {
      const relation = relations.get(String(row.relation));
      const owner = ids.find('pg_class', row.relation);
      return relation === undefined || owner === null ? [] : [make(row, relation, owner.object)];
    });
  const indexes = on(
    catalogue.indexes.filter((row) => !row.of_constraint && (row.is_valid || row.is_partitioned)),
    (row, relation, owner) => ({
      ...index(row, relation, owner, ids),
      // The server would make one in a partition that is attached later.
      needs: row.is_valid ? [] : partitionsOf(row.relation, catalogue),
    }),
  );
  const views = new Set(
    catalogue.relations.filter(({ kind }) => kind === 'v' || kind === 'm').map(({ oid }) => String(oid)),
  );
  for (const row of catalogue.rules.filter(isView)) {
    const view = ids.find('pg_class', row.relation);
    if (view !== null && views.has(String(row.relation))) ids.add('pg_rewrite', row.oid, view);
  }
  return [
    ...indexes,
    ...partitions(catalogue, relations, ids),
    ...on(
      catalogue.constraints.filter(({ kind, parent }) => kind === 'f' && String(parent) === '0'),
      (row, relation, owner) => {
        const id = objectId('foreignKey', relation.schema, relation.name, row.name);
        const table = qualified(relation);
        const name = quoteIdentifier(row.name);
        ids.add('pg_constraint', row.oid, whole(id), `CONSTRAINT ${name} ON ${table}`);
        const sql = `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${row.definition}`;
        return {
          object: written(
            { id, kind: 'foreignKey', schema: relation.schema, name: row.name, owner },
            [sql],
            `ALTER TABLE ${table} DROP CONSTRAINT ${name}`,
          ),
        };
      },
    ),
    ...on(
      catalogue.rules.filter((row) => !isView(row)),
      (row, relation, owner) => ruleOrTrigger('rule', row, relation, owner, ids),
    ),
    ...on(catalogue.triggers, (row, relation, owner) => ruleOrTrigger('trigger', row, relation, owner, ids)),
    ...on(catalogue.policies, (row, relation, owner) => policy(row, relation, owner, ids)),
    ...on(catalogue.statistics, (row, _relation, owner) => {
      const id = objectId('statistics', row.schema, row.name);
      ids.add('pg_statistic_ext', row.oid, whole(id), `STATISTICS ${qualified(row)}`);
      return {
        object: {
          ...written(
            { id, kind: 'statistics', schema: row.schema, name: row.name, owner },
            [
              row.definition,
              ...(row.target === null || row.target < 0
                ? []
                : [`ALTER STATISTICS ${qualified(row)} SET STATISTICS ${row.target}`]),
            ],
            `DROP STATISTICS ${qualified(row)}`,
          ),
          // The server names columns in the order of the table, which no ALTER reaches.
          meaning: `${row.definition
            .split(/, | ON /)
            .toSorted(byCodePoint)
            .join()} ${row.target ?? -1}`,
        },
      };
    }),
  ];
}

function partitionsOf(relation: Oid, { relations }: Catalogue): readonly Need[] {
  return relations
    .filter(({ bound, parents }) => bound !== null && parents.includes(String(relation)))
    .map(({ schema, name }) => whole(objectId('partition', schema, name)));
}

/** The rule that makes a view of a relation. */
function isView({ name }: TriggerRow): boolean {
  return name === '_RETURN';
}

function index(row: IndexRow, relation: RelationRow, owner: string, ids: SchemaIds): Found {
  const { schema, name } = row;
  const id = objectId('index', schema, name);
  ids.add('pg_class', row.oid, whole(id), `INDEX ${qualified(row)}`);
  const table = `ALTER TABLE ${qualified(relation)}`;
  const quoted = quoteIdentifier(name);
  return {
    object: written(
      { id, kind: 'index', schema, name, owner },
      [
        row.definition,
        ...row.settings.map((text) => `ALTER INDEX ${qualified(row)} ALTER COLUMN ${text}`),
        ...(row.is_identity ? [`${table} REPLICA IDENTITY USING INDEX ${quoted}`] : []),
        ...(row.is_clustered ? [`${table} CLUSTER ON ${quoted}`] : []),
      ],
      `DROP INDEX ${qualified(row)}`,
    ),
  };
}

/**
 * A partition is attached when its table and its parent have all their indexes: the server then finds those that belong
 * together instead of making more, but only where they are valid: those of its own partitions are attached before. The
 * indexes of an index added later are attached one by one.
 */
function partitions(
  { relations: rows, indexes }: Catalogue,
  relations: ReadonlyMap<string, RelationRow>,
  ids: SchemaIds,
): readonly Found[] {
  const ofTable = groupBy(
    indexes.filter(({ is_valid, is_partitioned }) => is_valid || !is_partitioned),
    ({ relation }) => String(relation),
  );
  const byOid = new Map(indexes.map((row) => [String(row.oid), row]));
  const indexNeeds = (oid: Oid): readonly Need[] =>
    (ofTable.get(String(oid)) ?? []).flatMap((row) => ids.find('pg_class', row.oid) ?? []);
  const inIndexesOf = groupBy(
    indexes.filter(({ oid, parent }) => parent !== null && ids.find('pg_class', oid)?.part === null),
    ({ parent }) => String(byOid.get(String(parent))?.relation),
  );
  const attached = rows.flatMap((row): readonly Found[] => {
    const [above] = row.parents;
    const parent = relations.get(above ?? '');
    const owner = ids.find('pg_class', row.oid);
    if (row.bound === null || parent === undefined || owner === null) return [];
    const sql = `ALTER TABLE ONLY ${qualified(parent)} ATTACH PARTITION ${qualified(row)} ${row.bound}`;
    const { schema, name } = row;
    return [
      {
        object: written(
          { id: objectId('partition', schema, name), kind: 'partition', schema, name, owner: owner.object },
          [sql],
          `ALTER TABLE ONLY ${qualified(parent)} DETACH PARTITION ${qualified(row)}`,
        ),
        needs: [
          ...indexNeeds(row.oid),
          ...indexNeeds(parent.oid),
          ...(inIndexesOf.get(String(row.oid)) ?? []).map((one) =>
            whole(objectId('indexPartition', one.schema, one.name)),
          ),
          ...(ids.find('pg_class', parent.oid) === null ? [] : [whole(objectId('table', parent.schema, parent.name))]),
        ],
      },
    ];
  });
  const pairs = indexes.flatMap((row): readonly Found[] => {
    const parent = row.parent === null ? undefined : byOid.get(String(row.parent));
    const owner = ids.find('pg_class', row.oid);
    const above = parent === undefined ? null : ids.find('pg_class', parent.oid);
    const table = relations.get(String(row.relation));
    if (parent === undefined || owner === null || above === null || table === undefined) return [];
    const { schema, name } = row;
    return [
      {
        object: written(
          { id: objectId('indexPartition', schema, name), kind: 'indexPartition', schema, name, owner: owner.object },
          [`ALTER INDEX ${qualified(parent)} ATTACH PARTITION ${qualified(row)}`],
        ),
        needs: [owner, above, whole(objectId('partition', table.schema, table.name))],
      },
    ];
  });
  return [...attached, ...pairs];
}

const enabledWords: Readonly<Record<string, string>> = { D: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' };

function ruleOrTrigger(
  kind: 'rule' | 'trigger',
  row: TriggerRow,
  relation: RelationRow,
  owner: string,
  ids: SchemaIds,
): Found {
  const id = objectId(kind, relation.schema, relation.name, row.name);
  const words = kind.toUpperCase();
  const name = quoteIdentifier(row.name);
  ids.add(
    kind === 'rule' ? 'pg_rewrite' : 'pg_trigger',
    row.oid,
    whole(id),
    `${words} ${name} ON ${qualified(relation)}`,
  );
  const enabled = enabledWords[row.enabled];
  return {
    object: written(
      { id, kind, schema: relation.schema, name: row.name, owner },
      [
        row.definition.replace(/;\s*$/, ''),
        ...(enabled === undefined ? [] : [`ALTER TABLE ${qualified(relation)} ${enabled} ${words} ${name}`]),
      ],
      `DROP ${words} ${name} ON ${qualified(relation)}`,
    ),
  };
}

const commands: Readonly<Record<string, string>> = { r: 'SELECT', a: 'INSERT', w: 'UPDATE', d: 'DELETE' };

function policy(row: PolicyRow, relation: RelationRow, owner: string, ids: SchemaIds): Found {
  const id = objectId('policy', relation.schema, relation.name, row.name);
  const name = quoteIdentifier(row.name);
  const command = commands[row.command];
  ids.add('pg_policy', row.oid, whole(id), `POLICY ${name} ON ${qualified(relation)}`);
  const sql = [
    `CREATE POLICY ${name} ON ${qualified(relation)}`,
    ...(row.permissive ? [] : ['AS RESTRICTIVE']),
    ...(command === undefined ? [] : [`FOR ${command}`]),
    `TO ${row.roles.join(', ')}`,
    ...(row.using === null ? [] : [`USING (${row.using})`]),
    ...(row.with_check === null ? [] : [`WITH CHECK (${row.with_check})`]),
  ].join(' ');
  return {
    object: written(
      { id, kind: 'policy', schema: relation.schema, name: row.name, owner },
      [sql],
      `DROP POLICY ${name} ON ${qualified(relation)}`,
    ),
  };
}
