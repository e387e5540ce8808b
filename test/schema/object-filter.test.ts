import { describe, expect, test } from 'vitest';
import { leftOutOf, parsePattern, unmatched, type ObjectFilter } from '../../src/schema/object-filter.ts';
import type { Snapshot } from '../../src/schema/snapshot.ts';

const snapshot: Snapshot = {
  dialect: 'postgresql',
  objects: [
    object('table', 'public', 'users'),
    object('table', 'audit', 'users'),
    object('table', 'public', 'legacy_a'),
    object('index', 'public', 'legacy_a_idx', 'table public.legacy_a'),
    object('comment', 'public', 'legacy_a_idx', 'index public.legacy_a_idx'),
    object('sequence', 'public', 'legacy_a_id_seq'),
    object('sequenceOwner', 'public', 'legacy_a_id_seq', 'table public.legacy_a', ['sequence public.legacy_a_id_seq']),
    object('index', 'public', 'users_x', 'table public.users'),
  ],
  unread: [],
};

describe('a pattern', () => {
  test.each([
    [
      'legacy_a',
      [
        'table public.legacy_a',
        'index public.legacy_a_idx',
        'comment public.legacy_a_idx',
        'sequence public.legacy_a_id_seq',
        'sequenceOwner public.legacy_a_id_seq',
      ],
    ],
    ['*:audit.*', ['table audit.users']],
    ['table:users', ['table public.users', 'table audit.users', 'index public.users_x']],
    ['table:public.users', ['table public.users', 'index public.users_x']],
    ['index:*', ['index public.legacy_a_idx', 'comment public.legacy_a_idx', 'index public.users_x']],
    ['users_?', ['index public.users_x']],
    ['view:*', []],
    ['USERS', []],
    ['user.', []],
  ])('%s meets what is called so, with all that hangs on it', (text, ids) => {
    expect([...leftOutOf(snapshot, { include: [], exclude: [pattern(text)] })].toSorted()).toEqual(ids.toSorted());
  });

  test('to include leaves out all else, and one to exclude comes first', () => {
    const filter = { include: [pattern('table:public.*')], exclude: [pattern('legacy_a')] };
    const left = leftOutOf(snapshot, filter);

    expect(snapshot.objects.filter(({ id }) => !left.has(id)).map(({ id }) => id)).toEqual([
      'table public.users',
      'index public.users_x',
    ]);
  });

  test('that meets nothing is told', () => {
    expect(unmatched(filterOf(['users', 'nobody'], ['*:x.*']), [snapshot])).toEqual(['nobody', '*:x.*']);
  });

  test.each([
    ['tabel:users', 'there is no kind "tabel" (did you mean table?)'],
    ['nonsense:users', /^there is no kind "nonsense" \(known are table, /],
    ['', 'it is not of the form kind:name'],
    ['table:', 'it is not of the form kind:name'],
  ])('%s is refused', (text, reason) => {
    expect(parsePattern(text)).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
  });
});

function filterOf(include: readonly string[], exclude: readonly string[]): ObjectFilter {
  return { include: include.map(pattern), exclude: exclude.map(pattern) };
}

function pattern(text: string) {
  const parsed = parsePattern(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

function object(
  kind: 'table' | 'index' | 'comment' | 'sequence' | 'sequenceOwner',
  schema: string,
  name: string,
  owner: string | null = null,
  needs: readonly string[] = [],
): Snapshot['objects'][number] {
  const base = {
    id: `${kind} ${schema}.${name}`,
    schema,
    name,
    owner,
    needs: [...(owner === null ? [] : [owner]), ...needs].map((id) => ({ object: id, part: null })),
  };
  if (kind === 'table') return { ...base, kind, columns: [], items: [], options: {}, text: null };
  if (kind === 'sequence') return { ...base, kind, options: {} };
  return { ...base, kind, definition: [], removal: [], meaning: null, shape: [] };
}
