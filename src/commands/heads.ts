import { effectiveHeads, heads as lineHeads, revisionAt } from '../graph/shape.ts';
import { flag, options } from '../operations/argument-rules.ts';
import { byCodePoint } from '../support/text.ts';
import { requireArguments } from './call-rules.ts';
import { configSource } from './invocation.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import { reporter } from './report-revision.ts';
import type { HeadsReport } from './results.ts';

export interface HeadsOptions {
  /** Leaves out heads that another revision depends on. */
  readonly resolveDependencies?: boolean;
}

const signature = { config: configSource, options: options<HeadsOptions>({ resolveDependencies: flag }) };

/** The heads of the history, in code point order. Asks no database. */
export async function heads(config: ConfigSource, options: HeadsOptions = {}): Promise<HeadsReport> {
  requireArguments('heads', signature, [config, options]);
  const { graph } = await openProject(config);
  const positions = options.resolveDependencies === true ? effectiveHeads(graph) : lineHeads(graph);
  const revisions = positions.map((position) => revisionAt(graph, position));
  return { revisions: revisions.toSorted((a, b) => byCodePoint(a.id, b.id)).map(reporter(graph)) };
}
