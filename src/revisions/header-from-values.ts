import { nearest } from '../support/text.ts';
import type { HeaderReading, RevisionHeader } from './revision-source.ts';

/** The header fields as a module exports them. Nothing about their types is known yet. */
export interface HeaderValues {
  readonly revision: unknown;
  /** Left out where the file has no such field: that is no base, but most likely a slip of the finger. */
  readonly down_revision?: unknown;
  readonly branch_labels: unknown;
  readonly depends_on: unknown;
}

/** What a reader says of values that are known: a header, or why they are none. */
export type HeaderVerdict = Exclude<HeaderReading, { readonly kind: 'not-static' }>;

/**
 * Checks the types of header values and brings them into one shape: null and undefined are no ids, one text is one id.
 *
 * The reader of module text and the loader of modules both end here, so that they cannot disagree on what is allowed.
 * Ids are taken as written: whether they are known, unique or well formed is for the graph to say. `otherNames` are asked
 * for only when down_revision is missing: what the file calls something else, and the line of each.
 */
export function headerFromValues(
  values: HeaderValues,
  doc: string,
  lines: RevisionHeader['lines'],
  otherNames: () => ReadonlyMap<string, number> = () => new Map(),
): HeaderVerdict {
  const { revision } = values;
  if (revision === undefined || revision === null) {
    return notARevision(lines.revision, 'revision has no value; write the id in quotes');
  }
  if (typeof revision !== 'string') {
    return notARevision(lines.revision, wrongType('revision', 'is', revision, 'write the id in quotes'));
  }
  if (revision === '') {
    return notARevision(lines.revision, 'revision is an empty text; an id has at least one character');
  }
  if (!('down_revision' in values)) return missingDownRevision(lines.revision, otherNames());
  const downRevisions = textsOf('down_revision', 'ids', values.down_revision);
  if (typeof downRevisions === 'string') return notARevision(lines.downRevision, downRevisions);
  const branchLabels = textsOf('branch_labels', 'labels', values.branch_labels);
  if (typeof branchLabels === 'string') return notARevision(lines.branchLabels, branchLabels);
  const dependsOn = textsOf('depends_on', 'ids', values.depends_on);
  if (typeof dependsOn === 'string') return notARevision(lines.dependsOn, dependsOn);
  return { kind: 'header', header: { revision, downRevisions, dependsOn, branchLabels, doc, lines } };
}

function missingDownRevision(line: number, names: ReadonlyMap<string, number>): HeaderVerdict {
  const near = nearest('down_revision', names.keys());
  return near === null
    ? notARevision(line, 'there is no down_revision; the first revision of a history says so with null')
    : notARevision(names.get(near) ?? line, `there is no down_revision; is "${near}" meant to be it?`);
}

function notARevision(line: number, reason: string): HeaderVerdict {
  return { kind: 'not-a-revision', line, reason };
}

// One list for all: thousands of revisions have neither labels nor depends_on.
const noTexts: readonly string[] = [];

/** The texts of a field, or a sentence saying what is wrong with it. */
function textsOf(field: string, noun: string, value: unknown): readonly string[] | string {
  if (value === null || value === undefined) return noTexts;
  if (value === '') return `${field} is an empty text; write null for none`;
  if (typeof value === 'string') return [value];
  const advice = `write null, one text in quotes, or an array of ${noun}`;
  if (!Array.isArray(value)) return wrongType(field, 'is', value, advice);
  const texts: string[] = [];
  // Not forEach: it would pass over the holes of a sparse array.
  for (const element of value as readonly unknown[]) {
    if (typeof element !== 'string') return wrongType(field, 'holds', element, `write an array of ${noun} in quotes`);
    if (element === '') return `${field} holds an empty text; leave it out`;
    texts.push(element);
  }
  return texts;
}

function wrongType(field: string, verb: 'is' | 'holds', value: unknown, advice: string): string {
  if (typeof value === 'number' || typeof value === 'bigint') {
    return `${field} ${verb} a number; write it in quotes: ids are text`;
  }
  return `${field} ${verb} ${typeInWords(value)}; ${advice}`;
}

function typeInWords(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  const type = typeof value;
  return type === 'object' ? 'an object' : `a ${type}`;
}
