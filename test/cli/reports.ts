import type { RevisionDetail } from '../../src/commands/results.ts';

/** A revision as the commands report it; what a test does not say is that of a lone revision in the middle. */
export function revision(id: string, given: Partial<RevisionDetail> = {}): RevisionDetail {
  const message = given.message ?? '';
  return {
    revision: id,
    down_revision: [],
    depends_on: [],
    branch_labels: [],
    message,
    path: `versions/${id}.ts`,
    is_head: false,
    is_effective_head_only_by_line: false,
    is_base: (given.down_revision ?? []).length === 0,
    is_branch_point: (given.children ?? []).length > 1,
    is_merge_point: (given.down_revision ?? []).length > 1,
    is_current: null,
    doc: message,
    children: [],
    ...given,
  };
}

/** Text of a test without the indentation that the source file gives it. */
export function picture(text: string): string {
  const lines = text.replace(/^\n/, '').replace(/\n *$/, '').split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join('\n');
}
