import { readFileSync } from 'node:fs';

/** The version in this package's package.json, which is one directory up from the bundle and two from the source. */
export function ownVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const found: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
      if (isOwn(found)) return found.version;
    } catch {
      // Not here: the next place.
    }
  }
  return 'unknown';
}

function isOwn(value: unknown): value is { readonly version: string } {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('version' in value)) return false;
  return value.name === 'aludel' && typeof value.version === 'string';
}
