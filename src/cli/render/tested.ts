import type { TestedRevision, TestFailure, TestReport } from '../../commands/results.ts';
import { counted } from '../../support/text.ts';
import { changesText } from './changes.ts';
import { outcomePaint } from './outcome-paint.ts';
import type { Palette } from './palette.ts';
import { printable } from './printable.ts';

/** Every revision that is not ok with the reason, and how many are. */
export function testedText({ revisions, is_ok }: TestReport, palette: Palette): string {
  if (revisions.length === 0) return 'There is no revision to test.';
  const ok = revisions.filter(({ outcome }) => outcome === 'ok').length;
  const notOk = revisions.filter(({ outcome }) => outcome !== 'ok').map((one) => `${oneText(one, palette)}\n`);
  const verb = ok === 1 ? 'goes' : 'go';
  const count = ok === revisions.length ? counted(ok, 'revision') : `${ok} of ${counted(revisions.length, 'revision')}`;
  const sum = `${count} ${verb} up, down and up again.`;
  return [...notOk, is_ok ? palette.good(sum) : palette.bad(sum)].join('\n');
}

function oneText(tested: TestedRevision, palette: Palette): string {
  const { failure, message, outcome, path, revision } = tested;
  const title = `${outcomePaint(palette)[outcome](outcome)}  ${palette.revision(printable(revision))}${message === '' ? '' : `  ${printable(message)}`}`;
  if (outcome === 'irreversible') return `${title}\n  It has no downgrade, and was only applied.`;
  if (outcome === 'not-reached') return `${title}\n  What it needs cannot be applied.`;
  if (failure === null) return title;
  const changes = failure.changes.length === 0 ? [] : changesText(failure.changes, palette).split('\n');
  return [
    title,
    `  ${moveText[failure.at]}: ${printable(failure.reason)}`,
    ...changes.map((line) => `    ${line}`),
    `  in ${printable(failure.where ?? path)}`,
  ].join('\n');
}

const moveText: Readonly<Record<TestFailure['at'], string>> = {
  before: 'before() of its test file',
  upgrade: 'upgrade',
  after: 'after() of its test file',
  downgrade: 'downgrade',
  afterDowngrade: 'afterDowngrade() of its test file',
  'second-upgrade': 'upgrade after the downgrade',
};
