import { headerFromValues } from './header-from-values.ts';
import { lineCounter } from './line-counter.ts';
import { readPlainHeader } from './read-plain-header.ts';
import { continuationInWords, readObject, readValue, type WrittenValue } from './read-literal.ts';
import type { HeaderReading, HeaderStartReading } from './revision-source.ts';
import { advance, endOfPrevious, getLost, isMark, isOver, isWord, scannerOf, type Scanner } from './scan-source.ts';
import { isAfterStatement, isDeclarationWord, skipBrackets, skipExpression, skipType } from './skip-source.ts';

/**
 * Reads the header of a .ts, .mts, .cts, .js, .mjs or .cjs revision from its whole text, without running it.
 *
 * Understood are `export const` (also `let`, `var`, and an export list), `export default { … }`, `module.exports = { … }`,
 * `module.exports.revision = …` and `exports.revision = …`, when every field is a literal, or the name of a variable that
 * holds one. The doc is the first doc comment, if it stands before the last of the fields; else the exported text
 * `message`; else the first doc comment wherever it stands outside all brackets. Comments that begin with a code tag
 * (`@param`, `@type` …) are passed over.
 *
 * Four exported constants end the reading: nothing behind them can export the same names again.
 *
 * A text that is not understood, or that may change a field after it was written, is `not-static`: an answer of kind
 * `header` is what the loaded module would say. O(length of the text); never throws.
 */
export function readModuleHeader(source: string): HeaderReading {
  const reading = readPlainHeader(source) ?? readHeader(source, true);
  if (reading.kind === 'incomplete') throw new Error('a whole text was read as a part of one');
  return reading;
}

/**
 * Like {@link readModuleHeader} for the first part of a file, cut anywhere: `incomplete` when the rest can matter.
 *
 * The usual header, a doc comment and four exported constants that are no arrays, is known as soon as it was read.
 */
export function readModuleHeaderFromStart(start: string): HeaderStartReading {
  return readPlainHeader(start) ?? readHeader(start, false);
}

type Field = 'revision' | 'down_revision' | 'branch_labels' | 'depends_on';

const fields = ['revision', 'down_revision', 'branch_labels', 'depends_on'] as const satisfies readonly Field[];
const wanted: ReadonlySet<string> = new Set<string>([...fields, 'message']);
const noWords: ReadonlySet<string> = new Set();

/** A top-level variable. `let` and `var` can be assigned again, an array can be changed in place. */
interface Binding {
  readonly value: WrittenValue;
  readonly canBeAssigned: boolean;
  readonly at: number;
}

/** A place where a field gets its value. */
interface Site {
  readonly value: WrittenValue;
  readonly at: number;
  /** The exported variable itself; null for a property of an object. */
  readonly variable: string | null;
}

/** A set of fields that come from one object: the exported names, the default export, or `module.exports`. */
type Sites = Map<string, Site>;

/** What is known of the file so far. It is filled while the scanner moves, and lives no longer than one reading. */
interface Findings {
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

function readHeader(source: string, isComplete: boolean): HeaderStartReading {
  const found: Findings = {
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
  const { scanner } = found;
  readStatements(found);
  // A token that touches the cut may go on behind it.
  if (!isComplete && scanner.position >= source.length) return { kind: 'incomplete' };
  if (found.refusal !== null) return notStatic(found, found.refusal.at, found.refusal.reason);
  if (scanner.kind === 'lost' && found.settled < fields.length)
    return notStatic(found, scanner.start, 'the text from here on is not understood');
  return decide(found, isComplete);
}

/** True when nothing that follows can change the answer: two exports of one name would be a syntax error. */
function isSettled(found: Findings): boolean {
  return found.settled === fields.length && found.scanner.doc !== null;
}

/**
 * Walks over the statements of the file.
 *
 * 1. Only names outside all brackets are looked at. `export`, `import` and `const` can stand there only as the first
 *    word of a statement, whatever the lines before it mean; so they are found without parsing the rest.
 * 2. `var` and `module.exports` may stand behind an `if` without braces. They count only where a statement surely
 *    begins; everywhere else they are left to {@link firstMention}, which makes the answer not-static.
 * 3. Each reader stops at the first token it does not understand, and the walk goes on from there.
 */
function readStatements(found: Findings): void {
  const s = found.scanner;
  // True from a word like `if` to the end of its statement.
  let isConditional = false;
  advance(s);
  while (!isOver(s) && found.refusal === null && !isSettled(found)) {
    if (s.brackets.length > 0) {
      advance(s);
      continue;
    }
    if (s.kind !== 'name' || s.isProperty) {
      if (isMark(s, ';') || isMark(s, '}')) isConditional = false;
      advance(s);
      continue;
    }
    switch (s.text) {
      case 'export':
        isConditional = false;
        readExport(found);
        break;
      case 'const':
      case 'let':
      case 'var':
        if (isDeclarationStart(found, isConditional)) {
          isConditional = false;
          readDeclarations(found, false);
        } else {
          advance(s);
        }
        break;
      case 'module':
      case 'exports':
        if (!isConditional && isStatementStart(found)) readCommonJs(found);
        else advance(s);
        break;
      case 'if':
      case 'else':
      case 'for':
      case 'while':
      case 'do':
      case 'with':
      case 'try':
      case 'catch':
      case 'finally':
      case 'switch':
        isConditional = true;
        advance(s);
        break;
      default:
        advance(s);
    }
  }
}

function isDeclarationStart(found: Findings, isConditional: boolean): boolean {
  const s = found.scanner;
  if (!isDeclarationWord(s) || s.previousText === 'declare') return false;
  return s.text !== 'var' || (!isConditional && isStatementStart(found));
}

function isStatementStart(found: Findings): boolean {
  const s = found.scanner;
  if (s.previousKind === 'start' || found.startAt === s.start) return true;
  if (s.previousKind === 'mark' && (s.previousText === ';' || s.previousText === '}')) return true;
  // Behind a `>` that compares no assignment is allowed: here it ends a type.
  return s.lineBreakBefore && (endOfPrevious(s) === 'yes' || s.previousText === '>');
}

/** True when the statement that is being read has ended before this token; the walk may rely on it. */
function endsHere(found: Findings): boolean {
  const { scanner } = found;
  if (!isAfterStatement(scanner)) return false;
  found.startAt = scanner.start;
  return true;
}

/** Reads the names that `const`, `let` or `var` declares, from that word to the end of the statement. */
function readDeclarations(found: Findings, isExported: boolean): void {
  const s = found.scanner;
  const canBeAssigned = s.text !== 'const';
  let mayBeInsideAngles = false;
  do {
    advance(s);
    if (isMark(s, '{') || isMark(s, '[')) {
      if (isExported) return refuse(found, s.start, 'what is exported here is taken out of something else');
      skipBrackets(s);
      skipExpression(s, 0);
      continue;
    }
    if (s.kind !== 'name') {
      if (!mayBeInsideAngles) return getLost(s);
      skipExpression(s, 0);
      continue;
    }
    const name = s.text;
    const at = s.start;
    if (name === 'enum') {
      if (isExported) readDeclaredName(found);
      return;
    }
    advance(s);
    const [value, skipped] = readInitializer(found);
    const trusted: WrittenValue = mayBeInsideAngles
      ? { kind: 'dynamic', what: 'written after an expression that is not understood' }
      : value;
    mayBeInsideAngles ||= skipped;
    // `var` may declare one name twice: then neither value is sure.
    const isSecond = found.bindings.has(name);
    const binding: Binding = {
      value: isSecond ? { kind: 'dynamic', what: 'declared twice' } : trusted,
      canBeAssigned,
      at,
    };
    found.bindings.set(name, binding);
    // Who declares a name again, or one of CommonJS, means something else by it: that is a mention.
    if (!commonJsWords.has(name) && !isSecond) found.known.add(at);
    if (isExported) addNamed(found, name, { value: binding.value, at, variable: name }, !canBeAssigned);
  } while (isMark(s, ','));
}

/** The value of a variable from the token behind its name, and whether the end of its expression is unsure. */
function readInitializer(found: Findings): readonly [WrittenValue, boolean] {
  const s = found.scanner;
  let value: WrittenValue = { kind: 'literal', value: undefined };
  if (isMark(s, '!.')) advance(s);
  if (isMark(s, ':')) {
    advance(s);
    if (!skipType(s)) value = { kind: 'dynamic', what: 'of a type that is not understood' };
  }
  if (value.kind !== 'dynamic' && isMark(s, '=')) {
    advance(s);
    value = readValue(s);
  }
  if (value.kind !== 'dynamic' && (isMark(s, ',') || endsHere(found))) return [value, false];
  const what = continuationInWords(s, value);
  return [{ kind: 'dynamic', what }, skipExpression(s, 0).mayBeInsideAngles];
}

/** Reads an `export` statement, at least to where the walk can go on. */
function readExport(found: Findings): void {
  const s = found.scanner;
  const at = s.start;
  advance(s);
  if (isMark(s, '{')) return readExportList(found);
  if (isMark(s, '*')) return readStarExport(found, at);
  if (isMark(s, '=')) return refuse(found, at, '"export =" is not read statically');
  if (isMark(s, '@')) return;
  if (s.kind !== 'name') return getLost(s);
  switch (s.text) {
    case 'const':
    case 'let':
    case 'var':
      return readDeclarations(found, true);
    case 'default':
      return readDefault(found);
    case 'type':
    case 'interface':
    case 'declare':
    case 'as':
      // Gone when the file runs. What `declare` declares is no variable of ours: the walk passes over it.
      return advance(s);
    default:
      return readDeclaredName(found);
  }
}

/** Reads the name of an exported function, class, enum, namespace or import alias: a field must be none of these. */
function readDeclaredName(found: Findings): void {
  const s = found.scanner;
  const words = 'function class enum namespace module abstract async import'.split(' ');
  while ((s.kind === 'name' && words.includes(s.text)) || isMark(s, '*')) advance(s);
  if (s.kind !== 'name' || wanted.has(s.text)) {
    refuse(found, s.start, `${s.text || 'what is exported here'} is not a plain value`);
    return;
  }
  found.otherExport ??= s.start;
  advance(s);
}

function readStarExport(found: Findings, at: number): void {
  const s = found.scanner;
  advance(s);
  if (isWord(s, 'as')) {
    advance(s);
    found.otherExport ??= s.start;
    if (wanted.has(exportedName(s))) refuse(found, s.start, `${exportedName(s)} is taken from another file`);
  } else {
    found.hasStarExport = at;
  }
}

/** The name in an export list, where it may also be written in quotes; a name with an escape is left to the loader. */
function exportedName(s: Scanner): string {
  if (s.kind === 'string') return s.source.slice(s.start + 1, s.position - 1);
  return s.text;
}

interface ListedExport {
  readonly local: string;
  readonly exported: string;
  readonly at: number;
}

function readExportList(found: Findings): void {
  const s = found.scanner;
  const listed: ListedExport[] = [];
  const depth = s.brackets.length;
  advance(s);
  while (!isOver(s) && s.brackets.length >= depth) {
    const words: { readonly text: string; readonly at: number }[] = [];
    while (s.kind === 'name' || s.kind === 'string') {
      words.push({ text: exportedName(s), at: s.start });
      advance(s);
    }
    const one = listedExport(words);
    if (one !== null) listed.push(one);
    if (isMark(s, ',')) advance(s);
    else if (!isMark(s, '}')) return getLost(s);
  }
  advance(s);
  const isFromElsewhere = isWord(s, 'from');
  for (const { local, exported, at } of listed) {
    if (!isFromElsewhere) found.known.add(at);
    if (exported === 'default') found.defaults = { sites: null, what: 'a variable', at };
    else if (!wanted.has(exported)) {
      found.otherExport ??= at;
      // An escape in quotes could spell any name.
      if (exported.includes('\\')) refuse(found, at, 'a name with an escape is exported here');
    } else if (isFromElsewhere) refuse(found, at, `${exported} is taken from another file`);
    else addNamed(found, exported, { value: { kind: 'name', name: local, at }, at, variable: local }, false);
  }
}

/** One entry of an export list: `a`, `a as b`, or with `type` before it, which makes it vanish: null. */
function listedExport(words: readonly { readonly text: string; readonly at: number }[]): ListedExport | null {
  const [first, second, third] = words;
  if (first === undefined) return null;
  if (second === undefined) return { local: first.text, exported: first.text, at: first.at };
  if (words.length === 3 && second.text === 'as' && third !== undefined) {
    return { local: first.text, exported: third.text, at: first.at };
  }
  return null;
}

function readDefault(found: Findings): void {
  const s = found.scanner;
  advance(s);
  const at = s.start;
  const object = readObject(s, wanted, found.known);
  if (object.kind === 'object' && endsHere(found)) {
    found.defaults = { sites: sitesOf(object.properties), what: 'an object', at };
    return;
  }
  const what = object.kind === 'dynamic' ? object.what : 'an expression';
  found.defaults = { sites: null, what, at };
  // A function or class is a statement of its own, and its end is no matter: the walk finds the next `export`.
  if (s.brackets.length > 0) skipExpression(s, 0);
}

function sitesOf(properties: ReadonlyMap<string, { readonly value: WrittenValue; readonly at: number }>): Sites {
  const sites: Sites = new Map();
  for (const [name, { value, at }] of properties) sites.set(name, { value, at, variable: null });
  return sites;
}

/** Reads `module.exports = …`, `module.exports.x = …` or `exports.x = …` at the beginning of a statement. */
function readCommonJs(found: Findings): void {
  const s = found.scanner;
  const at = s.start;
  if (s.text === 'module') {
    advance(s);
    if (!isMark(s, '.')) {
      // `module Name { … }` of TypeScript makes no export by itself.
      if (s.kind === 'name' && !s.lineBreakBefore) found.known.add(at);
      return;
    }
    advance(s);
    if (!isNamed(s, 'exports')) return;
    advance(s);
    if (isMark(s, '=')) return readWholeExports(found, at);
  } else {
    advance(s);
  }
  if (!isMark(s, '.')) return;
  advance(s);
  if (s.kind !== 'name') return;
  const name = s.text;
  const site = s.start;
  advance(s);
  if (!isMark(s, '=')) return;
  advance(s);
  found.known.add(at);
  const commonJs = (found.commonJs ??= { sites: new Map(), isWhole: false });
  // A field set before or after the whole object: which one wins is for the loader to say.
  if (commonJs.isWhole && wanted.has(name)) return refuse(found, at, `${name} is assigned twice`);
  if (!wanted.has(name)) {
    skipExpression(s, 0);
    return;
  }
  let value = readValue(s);
  if (value.kind === 'dynamic' || !endsHere(found)) {
    value = { kind: 'dynamic', what: continuationInWords(s, value) };
    skipExpression(s, 0);
  }
  if (commonJs.sites.has(name)) return refuse(found, at, `${name} is assigned twice`);
  commonJs.sites.set(name, { value, at: site, variable: null });
}

function isNamed(s: Scanner, name: string): boolean {
  return s.kind === 'name' && s.text === name;
}

function readWholeExports(found: Findings, at: number): void {
  const s = found.scanner;
  advance(s);
  if (found.commonJs !== null) return refuse(found, at, 'module.exports is assigned after a field of it');
  const object = readObject(s, wanted, found.known);
  if (object.kind === 'dynamic') return refuse(found, at, `module.exports is ${object.what}`);
  if (!endsHere(found)) return refuse(found, at, 'module.exports is an expression');
  found.known.add(at);
  found.commonJs = { sites: sitesOf(object.properties), isWhole: true };
}

function addNamed(found: Findings, name: string, site: Site, isConstant: boolean): void {
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

/** Puts together what was found in a text that was read as far as it matters. */
function decide(found: Findings, isComplete: boolean): HeaderStartReading {
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
  const { revision, down_revision, branch_labels, depends_on } = values;
  const docText = doc !== null && doc.start < lastAt ? doc.text : (messageOf(found, sites) ?? doc?.text ?? '');
  return headerFromValues({ revision, down_revision, branch_labels, depends_on }, docText, lines);
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

const commonJsWords: ReadonlySet<string> = new Set(['module', 'exports']);
// Outside all blocks `this` is `module.exports`, and `return` leaves the file before the rest has run.
const outsideBlocks: ReadonlySet<string> = new Set(['this', 'return']);
// A file without a revision is only then refused unloaded when it has no way at all to export one.
const waysOut: ReadonlySet<string> = new Set(['module', 'exports', 'this', 'eval']);

/**
 * The first place where one of the words stands as a variable, beside the known places: there its value may be changed.
 *
 * `anywhere` counts in every depth, `outside` only where no block is open.
 */
function firstMention(
  source: string,
  anywhere: ReadonlySet<string>,
  outside: ReadonlySet<string>,
  known: ReadonlySet<number>,
): { readonly word: string; readonly at: number } | null {
  const s = scannerOf(source);
  advance(s);
  while (!isOver(s)) {
    const { text: word, start: at, previousText } = s;
    const isMention =
      s.kind === 'name' &&
      !s.isProperty &&
      !known.has(at) &&
      (anywhere.has(word) || (outside.has(word) && !s.brackets.includes('{')));
    advance(s);
    // A key of an object, or a parameter with its type.
    const isKey = isMark(s, ':') && (previousText === '{' || previousText === ',' || previousText === '(');
    if (isMention && !isKey) return { word, at };
  }
  return s.kind === 'lost' ? { word: source.slice(s.start, s.start + 20), at: s.start } : null;
}

function refuse(found: Findings, at: number, reason: string): void {
  found.refusal ??= { at, reason };
}

function notStatic(found: Findings, at: number, reason: string): HeaderReading {
  const { scanner } = found;
  while (scanner.doc === null && !isOver(scanner)) advance(scanner);
  return { kind: 'not-static', line: lineCounter(scanner.source)(at), reason, doc: scanner.doc?.text ?? '' };
}
