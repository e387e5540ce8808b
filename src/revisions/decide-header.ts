import { firstMention, noWords, outsideBlocks, waysOut } from './find-mention.ts';
import { headerFromValues } from './header-from-values.ts';
import { fields, notStatic, type Field, type Findings, type Site, type Sites } from './header-findings.ts';
import { lineCounter } from './line-counter.ts';
import type { WrittenValue } from './read-literal.ts';
import type { HeaderReading, HeaderStartReading } from './revision-source.ts';
import { advance } from './scan-source.ts';
import { isOver, scannerOf } from './scanner.ts';

/** Puts together what was found in a text that was read as far as it matters. */
export function decideHeader(found: Findings, isComplete: boolean): HeaderStartReading {
  const { named, defaults, commonJs } = found;
  if (found.settled === fields.length) return headerOf(found, named, isComplete);
  const hasNamed = fields.some((field) => named.has(field));
  const otherExport = named.get('message')?.at ?? found.otherExport;
  if (commonJs !== null && (hasNamed || defaults !== null || otherExport !== null)) {
    return notStatic(found, 0, 'the file exports in two ways: with "export" and with "exports"');
  }
  if (found.hasStarExport !== null && !fields.every((field) => named.has(field))) {
    return notStatic(found, found.hasStarExport, 'fields may be exported from another file');
  }
  if (
    hasNamed &&
    defaults !== null &&
    (defaults.sites === null || fields.some((field) => defaults.sites?.has(field)))
  ) {
    return notStatic(found, defaults.at, 'fields may be exported by name and in the default export');
  }
  if (named.has('revision')) return headerOf(found, named, isComplete);
  if (hasNamed) return missingRevision(found);
  if (defaults !== null && defaults.sites === null) {
    return notStatic(found, defaults.at, `the default export is ${defaults.what}`);
  }
  // With exports of its own a module is not the object it exports by default: the loader knows which one counts.
  if (defaults !== null && otherExport !== null) {
    return notStatic(found, otherExport, 'something is exported by name beside the default export');
  }
  const sites = commonJs?.sites ?? defaults?.sites ?? null;
  if (sites?.has('revision') !== true) return missingRevision(found);
  return headerOf(found, sites, isComplete);
}

function headerOf(found: Findings, sites: Sites, isComplete: boolean): HeaderStartReading {
  const { source, doc } = found.scanner;
  const values: Partial<Record<Field, unknown>> = {};
  const changeable = new Set<string>();
  let lastAt = 0;
  for (const field of fields) {
    const site = sites.get(field);
    if (site === undefined) continue;
    lastAt = Math.max(lastAt, site.at);
    const resolved = resolve(found, site, changeable);
    if (resolved.kind === 'dynamic') return notStatic(found, site.at, `${field} is ${resolved.what}`);
    values[field] = resolved.value;
  }
  if (changeable.size > 0 && !isComplete) return { kind: 'incomplete' };
  const isCommonJs = found.commonJs !== null;
  if (changeable.size > 0 || isCommonJs) {
    changeable.add('eval');
    if (isCommonJs) changeable.add('module').add('exports');
    const mention = firstMention(source, changeable, isCommonJs ? outsideBlocks : noWords, found.known);
    if (mention !== null) return notStatic(found, mention.at, `"${mention.word}" may change a field here`);
  }
  const lineOf = lineCounter(source);
  const lineOfField = (field: Field): number => lineOf((sites.get(field) ?? sites.get('revision'))?.at ?? 0);
  const lines = {
    revision: lineOfField('revision'),
    downRevision: lineOfField('down_revision'),
    branchLabels: lineOfField('branch_labels'),
    dependsOn: lineOfField('depends_on'),
  };
  const docText = doc !== null && doc.start < lastAt ? doc.text : (messageOf(found, sites) ?? doc?.text ?? '');
  const { revision, branch_labels, depends_on } = values;
  return headerFromValues({ ...values, revision, branch_labels, depends_on }, docText, lines, () => namesIn(source));
}

/** Every name outside texts and comments, with the line where it stands first. */
function namesIn(source: string): ReadonlyMap<string, number> {
  const lineOf = lineCounter(source);
  const names = new Map<string, number>();
  const s = scannerOf(source);
  for (advance(s); !isOver(s); advance(s)) {
    if (s.kind === 'name' && !names.has(s.text)) names.set(s.text, lineOf(s.start));
  }
  return names;
}

function messageOf(found: Findings, sites: Sites): string | null {
  const site = sites.get('message');
  if (site === undefined) return null;
  const resolved = resolve(found, site, new Set());
  return resolved.kind === 'literal' && typeof resolved.value === 'string' ? resolved.value : null;
}

type Resolved = Exclude<WrittenValue, { readonly kind: 'name' }>;

/** Follows names to the literal behind them, and notes in `changeable` the variables whose value may change. */
function resolve(found: Findings, site: Site, changeable: Set<string>): Resolved {
  const names: string[] = site.variable === null ? [] : [site.variable];
  let { value } = site;
  let readAt = site.variable === null ? site.at : Number.MAX_SAFE_INTEGER;
  let canChange = site.variable !== null && (found.bindings.get(site.variable)?.canBeAssigned ?? false);
  // The limit ends a circle of names, which cannot run anyway.
  for (let steps = 0; value.kind === 'name'; steps++) {
    const binding = found.bindings.get(value.name);
    if (binding === undefined || steps > 8)
      return { kind: 'dynamic', what: `the value of "${value.name}", which is not a literal here` };
    // What is read before its declaration is not yet there: `var` gives undefined then.
    if (value.at > 0 && value.at !== site.at) readAt = value.at;
    if (binding.at > readAt) return { kind: 'dynamic', what: `the value of "${value.name}", which is declared later` };
    found.known.add(value.at);
    names.push(value.name);
    canChange ||= binding.canBeAssigned;
    readAt = binding.at;
    value = binding.value;
  }
  if (value.kind === 'literal' && (canChange || Array.isArray(value.value))) {
    for (const name of names) changeable.add(name);
  }
  return value;
}

function missingRevision(found: Findings): HeaderReading {
  const { source } = found.scanner;
  const mention = firstMention(source, waysOut, noWords, found.known);
  if (mention !== null) return notStatic(found, mention.at, `revision may be exported through "${mention.word}"`);
  const declared = found.bindings.get('revision');
  if (declared !== undefined) {
    const reason = 'revision is declared but not exported; write "export" before it';
    return { kind: 'not-a-revision', line: lineCounter(source)(declared.at), reason };
  }
  const reason = "no revision is exported; write: export const revision = '…' with the id of the revision";
  return { kind: 'not-a-revision', line: 1, reason };
}
