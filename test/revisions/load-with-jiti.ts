import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJiti } from 'jiti';

/** What a loaded module exports as its header. */
export interface LoadedFields {
  readonly revision: unknown;
  /** Left out where the module has no such export. */
  readonly down_revision?: unknown;
  readonly branch_labels: unknown;
  readonly depends_on: unknown;
}

/** Runs module texts for real, in a directory of its own. */
export interface Loader {
  /** Null when the text does not run. */
  readonly load: (source: string, extension: string) => Promise<LoadedFields | null>;
  readonly remove: () => void;
}

export function startLoader(): Loader {
  const directory = mkdtempSync(join(tmpdir(), 'aludel-header-'));
  const jiti = createJiti(import.meta.url, { fsCache: false, moduleCache: false, interopDefault: false });
  let count = 0;
  return {
    load: async (source, extension) => {
      // A new name each time: Node keeps what it has loaded.
      const path = join(directory, `r${count++}${extension}`);
      writeFileSync(path, source);
      try {
        return fieldsOf(await jiti.import(path));
      } catch {
        return null;
      }
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** Named exports count when there is a field among them, else the default export. */
function fieldsOf(module: unknown): LoadedFields {
  const named = propertiesOf(module);
  const isNamed = 'revision' in named;
  const all = isNamed ? named : propertiesOf(named['default']);
  const { revision, branch_labels, depends_on } = all;
  const downRevision = 'down_revision' in all ? { down_revision: all['down_revision'] } : {};
  return { revision, ...downRevision, branch_labels, depends_on };
}

function propertiesOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
