import { addNamed, endsHere, refuse, wanted, type Binding, type Findings } from './header-findings.ts';
import { continuationInWords, readValue, type WrittenValue } from './read-literal.ts';
import { advance } from './scan-source.ts';
import { getLost, isMark } from './scanner.ts';
import { skipBrackets, skipExpression, skipType } from './skip-source.ts';

const commonJsWords: ReadonlySet<string> = new Set(['module', 'exports']);

/** Reads the names that `const`, `let` or `var` declares, from that word to the end of the statement. */
export function readDeclarations(found: Findings, isExported: boolean): void {
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

/** Reads the name of an exported function, class, enum, namespace or import alias: a field must be none of these. */
export function readDeclaredName(found: Findings): void {
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
