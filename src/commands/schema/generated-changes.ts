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
        ...loses.map(remarkOf),
        ...(kind === 'rename' ? [] : cautions({ kind, object, loses, statements }, schemas, written)),
      ],
      statements: rules.inRevision(statements).filter((sql) => !needed.includes(sql)),
      calls: kind === 'rename' ? renameCalls(statements) : operationCalls({ kind, object, loses, statements }, schemas),
    })),
  ];
}

function remarkOf(what: string): string {
  return what.startsWith('value ')
    ? `This takes the ${what} away, and fails where a row has it.`
    : `This loses what is in ${what}.`;
}
