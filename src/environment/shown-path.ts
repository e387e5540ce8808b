import { relative, sep } from 'node:path';

/** A path as people are shown it: relative to the working directory unless that is longer; always with forward slashes. */
export function shownPath(path: string, workingDirectory: string): string {
  const short = relative(workingDirectory, path) || '.';
  const shown = short.length < path.length ? short : path;
  return sep === '/' ? shown : shown.replaceAll(sep, '/');
}
