import type { EventSink } from '../../runtime/run-event.ts';
import type { SchemaPair } from '../../schema/change.ts';
import { possiblyRenamedColumns, possiblyRenamedTables, type PossibleRename } from '../../schema/possible-renames.ts';
import { afterRename, findRename, inverseOf, takenName, withNewName } from '../../schema/rename.ts';
import type { Snapshot } from '../../schema/snapshot.ts';
import { cannotRename } from './cannot-rename.ts';

export type { PossibleRename } from '../../schema/possible-renames.ts';

/** Answers which of the candidates something new has been; null for none of them. */
export type AskRename = (question: PossibleRename) => Promise<string | null>;

/** What is known of renames before anybody is asked. */
export interface KnownRenames {
  /** Asked for: each of them has to be possible. In any order; columns with the old or the new name of their table. */
  readonly given: readonly string[];
  /** Part of the target, for good: those that are done, or not to be done yet, are passed over. */
  readonly declared: readonly string[];
}

/**
 * The renames that lead from one schema to the other, in order: those given, those declared, and those that `ask` confirms.
 * Nothing is guessed: without `ask` a warning names what may be a rename. Throws usage.invalid for what is given and cannot be.
 */
export async function chooseRenames(
  schemas: SchemaPair,
  { given, declared }: KnownRenames,
  ask: AskRename | undefined,
  onEvent: EventSink,
): Promise<readonly string[]> {
  const { to } = schemas;
  const chosen: string[] = [];
  let from = schemas.from;
  const [impossible] = chooseAll(given, (rename) => isPossible(rename, from));
  if (impossible !== undefined) refuse(asNamedNow(impossible), from);
  chooseAll(declared, (rename) => isDue(rename, from, to));
  await settle(possiblyRenamedTables({ from, to }));
  await settle(possiblyRenamedColumns({ from, to }));
  return chosen;

  function choose(rename: string): void {
    chosen.push(rename);
    const found = findRename(rename, from);
    if (typeof found !== 'string') from = withNewName(from, found);
  }

  /** Chooses those that can be, and then those that these have made possible; answers what is left. */
  function chooseAll(renames: readonly string[], canBe: (rename: string) => boolean): readonly string[] {
    const left = renames.filter((text) => {
      const rename = asNamedNow(text);
      const isChosen = canBe(rename);
      if (isChosen) choose(rename);
      return !isChosen;
    });
    return left.length === renames.length ? left : chooseAll(left, canBe);
  }

  /** What is found as it is written, means that. */
  function asNamedNow(text: string): string {
    return typeof findRename(text, from) === 'string' ? chosen.reduce(afterRename, text) : text;
  }

  async function settle(questions: readonly PossibleRename[]): Promise<void> {
    const taken = new Set<string>();
    for (const { candidates: all, ...question } of questions) {
      const candidates = all.filter((one) => !taken.has(one));
      const [likeliest] = candidates;
      if (likeliest === undefined) continue;
      if (ask === undefined) {
        taken.add(likeliest);
        onEvent({ kind: 'warning', text: hintOf(question, likeliest) });
        continue;
      }
      const old = await ask({ ...question, candidates });
      if (old === null) continue;
      taken.add(old);
      choose(`${old}:${question.name}`);
    }
  }
}

function isPossible(text: string, schema: Snapshot): boolean {
  const rename = findRename(text, schema);
  return typeof rename !== 'string' && takenName(rename, schema) === null;
}

function refuse(text: string, schema: Snapshot): void {
  const rename = findRename(text, schema);
  if (typeof rename === 'string') throw cannotRename(text, rename);
  const taken = takenName(rename, schema);
  if (taken === null) return;
  throw cannotRename(text, taken, 'Rename what has that name as well, or drop it in a revision before this one.');
}

/** True when the old name is only at the start, and the new one only in the target. */
function isDue(rename: string, from: Snapshot, to: Snapshot): boolean {
  const isThere = (text: string, schema: Snapshot): boolean => typeof findRename(text, schema) !== 'string';
  const back = inverseOf(rename);
  return isThere(rename, from) && !isThere(back, from) && isThere(back, to) && !isThere(rename, to);
}

function hintOf({ kind, name }: Pick<PossibleRename, 'kind' | 'name'>, old: string): string {
  return `the ${kind} ${name} is new and ${old} is not wanted any more; if it was renamed, say --rename ${old}:${name}`;
}
