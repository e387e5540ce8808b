import { assertNever } from '../support/assert-never.ts';
import { listed } from '../support/text.ts';

interface DefectPlaces {
  /** `path:line` of every header field that takes part, the offending one first. */
  readonly places: readonly string[];
}

/** One thing that keeps the revision files from forming a graph. Plain data: it is what `--json` prints. */
export type GraphDefect = DefectPlaces &
  (
    | { readonly kind: 'duplicate-id'; readonly id: string }
    | { readonly kind: 'illegal-id'; readonly id: string; readonly problem: string }
    | { readonly kind: 'illegal-label'; readonly id: string; readonly label: string; readonly problem: string }
    | { readonly kind: 'duplicate-label'; readonly label: string; readonly ids: readonly string[] }
    | { readonly kind: 'label-is-id'; readonly label: string; readonly id: string }
    | {
        readonly kind: 'missing-down-revision' | 'missing-dependency';
        readonly id: string;
        readonly missing: string;
        /** The nearest name there is, or null when none is near. */
        readonly suggestion: string | null;
      }
    | { readonly kind: 'self-loop' | 'dependency-self-loop'; readonly id: string }
    /** `ids` is the ring, each needing the next and the last needing the first; it starts at its smallest id. */
    | { readonly kind: 'cycle' | 'dependency-cycle'; readonly ids: readonly string[] }
  );

/** The defect as one sentence with its files and lines, and the nearest name when there is one. */
export function describeDefect(defect: GraphDefect): string {
  const suggestion =
    'suggestion' in defect && defect.suggestion !== null ? ` Did you mean "${defect.suggestion}"?` : '';
  return `${sentenceOf(defect)} (${listed(defect.places)}).${suggestion}`;
}

function sentenceOf(defect: GraphDefect): string {
  switch (defect.kind) {
    case 'duplicate-id':
      return `Revision id "${defect.id}" is used by ${defect.places.length} files`;
    case 'illegal-id':
      return `Revision id "${defect.id}" ${defect.problem}`;
    case 'illegal-label':
      return `Branch label "${defect.label}" of revision ${defect.id} ${defect.problem}`;
    case 'duplicate-label':
      return `Branch label "${defect.label}" is declared by revisions ${listed(defect.ids)}`;
    case 'label-is-id':
      return `Branch label "${defect.label}" of revision ${defect.id} is also the id of a revision`;
    case 'missing-down-revision':
      return `Revision ${defect.id} names down_revision "${defect.missing}", which is in no file`;
    case 'missing-dependency':
      return `Revision ${defect.id} names depends_on "${defect.missing}", which is no id and no branch label`;
    case 'self-loop':
      return `Revision ${defect.id} names itself in down_revision`;
    case 'dependency-self-loop':
      return `Revision ${defect.id} names itself in depends_on`;
    case 'cycle':
      return `Revisions form a cycle by down_revision: ${ringOf(defect.ids)}`;
    case 'dependency-cycle':
      return `Revisions form a cycle by depends_on: ${ringOf(defect.ids)}`;
    default:
      return assertNever(defect);
  }
}

function ringOf(ids: readonly string[]): string {
  return [...ids, ids[0]].join(' -> ');
}
