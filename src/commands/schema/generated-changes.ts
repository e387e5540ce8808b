import type { Dialect } from '../../dialects/dialect.ts';
import type { GeneratedChange } from '../../revisions/generated-body.ts';
import { operationCalls, renameCalls } from '../../schema/calls/operation-calls.ts';
import { cautions } from '../../schema/cautions.ts';
import type { SchemaPair } from '../../schema/change.ts';
import type { ChangeReport } from '../results.ts';

/**
 * Changes with what is written for them. What the session needs for their statements comes first; calls are taken to do
 * without, until a proof says otherwise.
 */
export function generatedChanges(
  changes: readonly ChangeReport[],
  schemas: SchemaPair,
  { schema: rules }: Dialect,
  written: 'typescript' | 'sql',
): readonly GeneratedChange[] {
  const all = changes.flatMap(({ statements }) => statements);
  const needed = rules.inRevision(all).filter((sql) => !all.includes(sql));
  return [
    { kind: 'prepare', object: null, remarks: [], statements: needed, calls: [] },
    ...changes.map(({ kind, object, loses, statements }): GeneratedChange => ({
      kind,
      object,
      remarks: [
        ...loses.map((what) => `This loses what is in ${what}.`),
        ...(kind === 'rename' ? [] : cautions({ kind, object, loses, statements }, schemas, written)).map(sentence),
      ],
      statements: rules.inRevision(statements).filter((sql) => !needed.includes(sql)),
      calls: kind === 'rename' ? renameCalls(statements) : operationCalls({ kind, object, loses, statements }, schemas),
    })),
  ];
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}
