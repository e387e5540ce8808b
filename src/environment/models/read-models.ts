import type { Alias, Document, LineCounter, ParsedNode, visit } from 'yaml';
import { AludelError, messageOf } from '../../support/aludel-error.ts';
import { counted } from '../../support/text.ts';
import type { SchemaFile } from '../read-schema-files.ts';
import { linkModels } from './link-models.ts';
import type { Model } from './model.ts';
import { settleModel, type SettledModel } from './settle-model.ts';
import { checkModel, type Mistake } from './written-model.ts';

/** A mistake with its place in a file. */
interface Finding {
  readonly where: string;
  readonly message: string;
}

/**
 * The models of YAML files, one or several documents each. Throws schema.unreadable with every mistake of all files, each
 * with its line.
 */
export async function readModels(files: readonly SchemaFile[]): Promise<readonly Model[]> {
  // Loaded here, because few projects have models.
  const yaml = await import('yaml');
  const findings: Finding[] = [];
  const settled: SettledModel[] = [];
  const reporters = new Map<SettledModel, (mistake: Mistake) => void>();
  for (const { path, text } of files) {
    const lines = new yaml.LineCounter();
    const documents = yaml.parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true });
    for (const document of Array.isArray(documents) ? documents : []) {
      const report = (mistake: Mistake): void => {
        findings.push({ where: `${path}:${lineOf(mistake.path, document, lines)}`, message: inWords(mistake) });
      };
      for (const { message, pos } of document.errors) {
        findings.push({ where: `${path}:${lines.linePos(pos[0]).line}`, message });
      }
      if (document.errors.length > 0 || document.contents === null) continue;
      const value = valueOf(document, (message) => {
        const alias = suspectAlias(document, yaml.visit);
        const line = alias === null ? lineOf([], document, lines) : lines.linePos(alias.range?.[0] ?? 0).line;
        findings.push({ where: `${path}:${line}`, message });
      });
      if (value === null) continue;
      const checked = checkModel(value.is);
      if (checked.model === null) checked.mistakes.forEach(report);
      else {
        const model = settleModel(checked.model, `${path}:${lineOf(['table'], document, lines)}`, report);
        settled.push(model);
        reporters.set(model, report);
      }
    }
  }
  // What a file with mistakes would have had is missed by the others: they are looked at together when each is right.
  const models = findings.length > 0 ? [] : linkModels(settled, (model, mistake) => reporters.get(model)?.(mistake));
  if (findings.length === 0 && models.length === 0) {
    findings.push({
      where: `${files[0]?.path ?? ''}:1`,
      message: 'there is no model, which would mean no table at all',
    });
  }
  if (findings.length > 0) throw unreadable(findings);
  return models;
}

/** What a document says; null for aliases and merges that lead nowhere or grow without end, which no parser looks at. */
function valueOf(document: Document.Parsed, wrong: (message: string) => void): { readonly is: unknown } | null {
  try {
    return { is: document.toJS() };
  } catch (error) {
    wrong(messageOf(error));
    return null;
  }
}

/** The first alias that has no anchor before it, or else the first of all. */
function suspectAlias(document: Document.Parsed, walk: typeof visit): Alias | null {
  const aliases: Alias[] = [];
  walk(document, { Alias: (_key, alias) => void aliases.push(alias) });
  return aliases.find((alias) => alias.resolve(document) === undefined) ?? aliases[0] ?? null;
}

/** From 1: the line of the key, or of the nearest thing around it that is there. */
function lineOf(path: Mistake['path'], document: Document.Parsed, lines: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const holder: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const start = startOf(holder, path[length - 1]);
    if (start !== null) return lines.linePos(start).line;
  }
  return lines.linePos(document.contents?.range[0] ?? 0).line;
}

function startOf(holder: unknown, key: string | number | undefined): number | null {
  if (typeof holder !== 'object' || holder === null || !('items' in holder) || !Array.isArray(holder.items))
    return null;
  const items = holder.items as readonly (ParsedNode | { readonly key: ParsedNode })[];
  const found = typeof key === 'number' ? items[key] : items.find((item) => 'key' in item && String(item.key) === key);
  if (found === undefined) return null;
  return ('key' in found ? found.key : found).range?.[0] ?? null;
}

function inWords({ path, message }: Mistake): string {
  const keys = path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`));
  return keys.length === 0 ? message : `${keys.join('')} ${message}`;
}

function unreadable(findings: readonly Finding[]): AludelError {
  return new AludelError(
    'schema.unreadable',
    `The models have ${counted(findings.length, 'mistake')}:\n${findings.map(({ where, message }) => `  ${where}: ${message}`).join('\n')}`,
    {
      where: findings[0]?.where ?? null,
      hint: 'docs/models.md has every key and every type.',
      facts: { mistakes: findings },
    },
  );
}
