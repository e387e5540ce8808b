import { fileURLToPath } from 'node:url';
import { sep } from 'node:path';
import { messageOf } from '../../support/aludel-error.ts';
import { packageRoot } from '../package-root.ts';

/** Why a module of the user's did not load. */
export interface LoadFailure {
  /** The module's or the compiler's own words, without stack frames. */
  readonly message: string;
  /** The innermost place in the user's own code, or null when the error names none. */
  readonly place: { readonly path: string; readonly line: number; readonly column: number | null } | null;
}

/** Reads an error that {@link loadModule} threw. Frames of node_modules and of Node itself are no place of the user's. */
export function describeLoadFailure(error: unknown): LoadFailure {
  const message = messageOf(error);
  const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack : '';
  return { message: withoutPlaces(message), place: placeInCompilerMessage(message) ?? placeInStack(stack) };
}

/** "path:line" or "path:line:column", the form that terminals and editors open. */
export function shownPlace(path: string, place: { readonly line: number; readonly column: number | null }): string {
  return place.column === null ? `${path}:${place.line}` : `${path}:${place.line}:${place.column}`;
}

/** jiti ends the message of a syntax error with a line of its own: file:line:column. */
function placeInCompilerMessage(message: string): LoadFailure['place'] {
  const [, path, line, column] = /^\s*((?:\/|[a-z]:[\\/]|file:).*):(\d+):(\d+)\s*$/im.exec(message) ?? [];
  if (path === undefined) return null;
  // Babel counts columns from 0, everyone else from 1.
  return { path: asPath(path), line: Number(line), column: Number(column) + 1 };
}

function placeInStack(stack: string): LoadFailure['place'] {
  // Node puts the place of a syntax error before the message: "/project/x.cjs:3" and then the source line.
  const [, syntaxPath, syntaxLine] = /^((?:file:|\/|[a-z]:[\\/])[^\n]*?):(\d+)\n/i.exec(stack) ?? [];
  if (syntaxPath !== undefined) return { path: asPath(syntaxPath), line: Number(syntaxLine), column: null };
  for (const [, inParentheses, bare] of stack.matchAll(/^\s+at (?:.*\((.+:\d+:\d+)\)|(?:async )?(.+:\d+:\d+))$/gm)) {
    const [, location = '', line, column] = /^(.*):(\d+):(\d+)$/.exec(inParentheses ?? bare ?? '') ?? [];
    if (!/^(?:\/|[a-z]:[\\/]|file:)/i.test(location)) continue;
    const path = asPath(location);
    // Behind our own frames come those of the program that called us: the module is not to be found there any more.
    if (isOurs(path)) return null;
    // A compiled line stands where its source stood, but its columns have moved.
    const isCompiled = /\.[cm]?tsx?$/i.test(path);
    if (!isOfPackage(path)) return { path, line: Number(line), column: isCompiled ? null : Number(column) };
  }
  return null;
}

function isOurs(path: string): boolean {
  return ['src', 'dist'].some((folder) => path.startsWith(packageRoot() + sep + folder + sep));
}

function isOfPackage(path: string): boolean {
  return /[\\/]node_modules[\\/]/.test(path);
}

function asPath(pathOrUrl: string): string {
  return pathOrUrl.startsWith('file:') ? fileURLToPath(pathOrUrl) : pathOrUrl;
}

/** The places are told apart from the words, and "Require stack" lists files of ours. */
function withoutPlaces(message: string): string {
  return message
    .replace(/\nRequire stack:[\s\S]*$/, '')
    .replace(/\s*\n\s*(?:\/|[a-z]:[\\/]|file:)[^\n]*:\d+:\d+\s*$/i, '')
    .replace(/^ParseError: /, '')
    .trim();
}
