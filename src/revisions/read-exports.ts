import { addNamed, endsHere, refuse, sitesOf, wanted, type Findings } from './header-findings.ts';
import { readDeclarations, readDeclaredName } from './read-declarations.ts';
import { readObject } from './read-literal.ts';
import { advance } from './scan-source.ts';
import { getLost, isMark, isOver, isWord, type Scanner } from './scanner.ts';
import { skipExpression } from './skip-source.ts';

/** Reads an `export` statement, at least to where the walk can go on. */
export function readExport(found: Findings): void {
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
