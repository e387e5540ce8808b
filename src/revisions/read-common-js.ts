import { endsHere, refuse, sitesOf, wanted, type Findings } from './header-findings.ts';
import { continuationInWords, readObject, readValue } from './read-literal.ts';
import { advance } from './scan-source.ts';
import { isMark, type Scanner } from './scanner.ts';
import { skipExpression } from './skip-source.ts';

/** Reads `module.exports = …`, `module.exports.x = …` or `exports.x = …` at the beginning of a statement. */
export function readCommonJs(found: Findings): void {
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
