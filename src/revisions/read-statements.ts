import { fields, isStatementStart, type Findings } from './header-findings.ts';
import { readCommonJs } from './read-common-js.ts';
import { readDeclarations } from './read-declarations.ts';
import { readExport } from './read-exports.ts';
import { advance } from './scan-source.ts';
import { isMark, isOver } from './scanner.ts';
import { isDeclarationWord } from './skip-source.ts';

/**
 * Walks over the statements of the file.
 *
 * 1. Only names outside all brackets are looked at. `export`, `import` and `const` can stand there only as the first
 *    word of a statement, whatever the lines before it mean; so they are found without parsing the rest.
 * 2. `var` and `module.exports` may stand behind an `if` without braces. They count only where a statement surely
 *    begins; everywhere else they are left to {@link firstMention}, which makes the answer not-static.
 * 3. Each reader stops at the first token it does not understand, and the walk goes on from there.
 */
export function readStatements(found: Findings): void {
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

/** True when nothing that follows can change the answer: two exports of one name would be a syntax error. */
function isSettled(found: Findings): boolean {
  return found.settled === fields.length && found.scanner.doc !== null;
}

function isDeclarationStart(found: Findings, isConditional: boolean): boolean {
  const s = found.scanner;
  if (!isDeclarationWord(s) || s.previousText === 'declare') return false;
  return s.text !== 'var' || (!isConditional && isStatementStart(found));
}
