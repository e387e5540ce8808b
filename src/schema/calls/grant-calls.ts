import { fields, opCall, textOf, textsOf, type Argument, type Call } from '../../support/typescript-text.ts';
import { plainPrivileges, rightsChange } from '../rights-change.ts';
import type { Grant, Snapshot } from '../snapshot.ts';
import { schemaOption } from './options.ts';
import { NoPlainCall } from './sql-cursor.ts';

/**
 * The calls of `op` that change a right: to be created without `from`, to be dropped without `to`. `op` does not have rights on
 * new objects, a right to pass on that is taken back, and the database of a connection, which has no name.
 */
export function grantCalls(from: Grant | null, to: Grant | null, dialect: Snapshot['dialect']): readonly Call[] {
  const right = to ?? from;
  if (right === null || right.on.kind === 'newObjects' || right.on.kind === 'database') {
    throw new NoPlainCall('a right on new objects, or on the database');
  }
  const usual = plainPrivileges(right.usual);
  const change = rightsChange(from?.privileges ?? usual, to?.privileges ?? usual);
  const losesOption = dialect === 'mysql' ? change.losesOption : change.optionRevoked.length > 0;
  if (losesOption) throw new NoPlainCall('a right to pass on');
  const { kind, schema, name, parameters, column } = right.on;
  const on = fields({
    kind: textOf(kind),
    name: textOf(name ?? ''),
    schema: schemaOption(schema),
    parameters: parameters === null ? undefined : textOf(parameters),
  });
  const callOf = (
    word: string,
    names: readonly string[],
    options: Readonly<Record<string, string>> = {},
  ): readonly Call[] =>
    names.length === 0
      ? []
      : [opCall(word, privilegesOf(names, column), on, textsOf([right.grantee]), fields(options))];
  return [
    ...callOf('revoke', change.revoked),
    ...callOf('grant', change.granted),
    ...callOf('grant', change.grantedWithOption, { withGrantOption: 'true' }),
  ];
}

function privilegesOf(names: readonly string[], column: string | null): Argument {
  const words = names.map((name) => name.toLowerCase());
  if (column === null) return textsOf(words);
  return words.map((word) => fields({ privilege: textOf(word), columns: textsOf([column]) }));
}
