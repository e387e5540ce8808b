import { lineCounter } from './line-counter.ts';
import type { WrittenValue } from './read-literal.ts';
import type { HeaderReading } from './revision-source.ts';
import { advance, endOfPrevious } from './scan-source.ts';
import { isOver, scannerOf, type Scanner } from './scanner.ts';
import { isAfterStatement } from './skip-source.ts';

/** A field of a header. */
export type Field = 'revision' | 'down_revision' | 'branch_labels' | 'depends_on';

export const fields = ['revision', 'down_revision', 'branch_labels', 'depends_on'] as const satisfies readonly Field[];

/** Names of which the value is kept. */
export const wanted: ReadonlySet<string> = new Set<string>([...fields, 'message']);

/** A top-level variable. `let` and `var` can be assigned again, an array can be changed in place. */
export interface Binding {
  readonly value: WrittenValue;
  readonly canBeAssigned: boolean;
  readonly at: number;
}

/** A place where a field gets its value. */
export interface Site {
  readonly value: WrittenValue;
  readonly at: number;
  /** The exported variable itself; null for a property of an object. */
  readonly variable: string | null;
}

/** A set of fields that come from one object: the exported names, the default export, or `module.exports`. */
export type Sites = Map<string, Site>;

/** What is known of the file so far. It is filled while the scanner moves, and lives no longer than one reading. */
export interface Findings {
  readonly scanner: Scanner;
  readonly bindings: Map<string, Binding>;
  readonly named: Sites;
  /** Null: no default export. */
  defaults: { readonly sites: Sites | null; readonly what: string; readonly at: number } | null;
  /** Null: nothing was assigned to `exports`. */
  commonJs: { readonly sites: Sites; isWhole: boolean } | null;
  hasStarExport: number | null;
  /** Where something else is exported by name than a field: then a default export is no list of fields. */
  otherExport: number | null;
  /** Places where a variable is mentioned in a way that was understood. */
  readonly known: Set<number>;
  /** Why the file cannot be read statically, whatever follows. */
  refusal: { readonly at: number; readonly reason: string } | null;
  /** Where a token stands that surely begins a statement, because the one before was read to its end. */
  startAt: number;
  /** How many of the four fields are exported constants with a plain value. */
  settled: number;
}

/** Nothing found yet; the scanner stands before the first token. */
export function findingsOf(source: string): Findings {
  return {
    scanner: scannerOf(source),
    bindings: new Map(),
    named: new Map(),
    defaults: null,
    commonJs: null,
    hasStarExport: null,
    otherExport: null,
    known: new Set(),
    refusal: null,
    startAt: -1,
    settled: 0,
  };
}

/** True when this token surely begins a statement. */
export function isStatementStart(found: Findings): boolean {
  const s = found.scanner;
  if (s.previousKind === 'start' || found.startAt === s.start) return true;
  if (s.previousKind === 'mark' && (s.previousText === ';' || s.previousText === '}')) return true;
  // Behind a `>` that compares no assignment is allowed: here it ends a type.
  return s.lineBreakBefore && (endOfPrevious(s) === 'yes' || s.previousText === '>');
}

/** True when the statement that is being read has ended before this token; the walk may rely on it. */
export function endsHere(found: Findings): boolean {
  const { scanner } = found;
  if (!isAfterStatement(scanner)) return false;
  found.startAt = scanner.start;
  return true;
}

/** Notes that `name` is exported. `isConstant`: it keeps this value. */
export function addNamed(found: Findings, name: string, site: Site, isConstant: boolean): void {
  if (!wanted.has(name)) {
    found.otherExport ??= site.at;
    return;
  }
  const { value } = site;
  if (found.named.has(name)) return refuse(found, site.at, `${name} is exported twice`);
  found.named.set(name, site);
  if (name === 'message') return;
  if (value.kind === 'dynamic') return refuse(found, site.at, `${name} is ${value.what}`);
  if (isConstant && value.kind === 'literal' && !Array.isArray(value.value)) found.settled++;
}

/** The fields among the properties of an object. */
export function sitesOf(properties: ReadonlyMap<string, { readonly value: WrittenValue; readonly at: number }>): Sites {
  const sites: Sites = new Map();
  for (const [name, { value, at }] of properties) sites.set(name, { value, at, variable: null });
  return sites;
}

/** Ends the reading: the first reason counts. */
export function refuse(found: Findings, at: number, reason: string): void {
  found.refusal ??= { at, reason };
}

/** The answer `not-static` for what stands `at`, with the first doc comment, for which the text is read on. */
export function notStatic(found: Findings, at: number, reason: string): HeaderReading {
  const { scanner } = found;
  while (scanner.doc === null && !isOver(scanner)) advance(scanner);
  return { kind: 'not-static', line: lineCounter(scanner.source)(at), reason, doc: scanner.doc?.text ?? '' };
}
