import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { Revision } from '../../graph/revision.ts';
import { indentBody } from '../../revisions/indent-body.ts';
import { readModuleHeader } from '../../revisions/read-module-header.ts';
import { readSqlHeader } from '../../revisions/read-sql-header.ts';
import { revisionFileName, slugOf } from '../../revisions/revision-file.ts';
import type { RevisionHeader } from '../../revisions/revision-source.ts';
import { asDocComment, asLiteral, asSqlComment, asStringLiteral } from '../../revisions/source-text.ts';
import { readSqlSections } from '../../revisions/sql-sections.ts';
import { AludelError, messageOf } from '../../support/aludel-error.ts';
import type { Configuration } from '../config/configuration.ts';
import { datePartsIn, dateText } from '../date-parts.ts';
import { builtInTemplates } from '../package-root.ts';
import { asRevision } from './read-revisions.ts';
import { findTemplate, renderTemplate, type TemplateData } from '../render-template.ts';
import { shownPath } from '../shown-path.ts';
import { createFile } from '../write-file.ts';

/** What a new revision file shall say. */
export interface NewRevision {
  readonly id: string;
  readonly downRevisions: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  readonly message: string;
  readonly format: 'ts' | 'sql';
  /** Body of each direction as source text of the format, without indentation; empty for a person to fill in. */
  readonly upgrade: string;
  readonly downgrade: string;
  /** Sections of a SQL revision that must not run inside a transaction. */
  readonly withoutTransaction: readonly ('upgrade' | 'downgrade')[];
  /** One of the version locations of the configuration, absolute; null for the first. */
  readonly versionLocation: string | null;
  /** Milliseconds since 1970: the date in its name. */
  readonly now: number;
}

/** A revision file before it is written, and the revision as it will be read back. */
export interface RevisionDraft {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
  readonly revision: Revision;
}

/** What {@link draftRevision} needs of a configuration. */
export type DraftConfig = Pick<
  Configuration,
  | 'versionLocations'
  | 'recursiveVersionLocations'
  | 'fileTemplate'
  | 'truncateSlugLength'
  | 'timezone'
  | 'template'
  | 'workingDirectory'
>;

/**
 * Makes name and text of a new revision file; writes nothing. The text is read back and must say what was asked for.
 *
 * Throws config.invalid for the file name, and revision.invalid when the template fails or says something else.
 */
export async function draftRevision(wanted: NewRevision, config: DraftConfig): Promise<RevisionDraft> {
  const date = datePartsIn(config.timezone, wanted.now);
  const file = fileOf(wanted, config, date);
  const template = templateFor(wanted.format, config);
  const shownTemplate = shownPath(template, config.workingDirectory);
  const text = await rendered(template, shownTemplate, dataFor(wanted, dateText(date)));
  const header = headerOf(text, wanted, shownTemplate);
  return { file, text, revision: asRevision(header, shownPath(file, config.workingDirectory)) };
}

/** Writes a draft, all of it or nothing, and never over another file. Throws file.exists and file.not-writable. */
export function createRevisionFile(draft: RevisionDraft, workingDirectory: string): void {
  createFile(draft.file, draft.text, workingDirectory);
}

function fileOf(wanted: NewRevision, config: DraftConfig, date: ReturnType<typeof datePartsIn>): string {
  const location = wanted.versionLocation ?? config.versionLocations[0];
  if (location === undefined || !config.versionLocations.includes(location)) {
    throw new AludelError('config.invalid', `${location ?? 'Nothing'} is not one of the version locations.`, {
      hint: `They are ${config.versionLocations.map((path) => shownPath(path, config.workingDirectory)).join(', ')}.`,
      facts: { version_location: location ?? null },
    });
  }
  const slug = slugOf(wanted.message, config.truncateSlugLength);
  const name = revisionFileName(config.fileTemplate, { rev: wanted.id, slug, date }, `.${wanted.format}`);
  if (name.includes('/') && !config.recursiveVersionLocations) {
    throw new AludelError(
      'config.invalid',
      `fileTemplate "${config.fileTemplate}" makes directories, which are not searched.`,
      {
        hint: 'Set recursiveVersionLocations: true.',
        facts: { template: config.fileTemplate, name },
      },
    );
  }
  if (name.split('/').at(-1)?.startsWith('_') === true) {
    throw new AludelError('config.invalid', `fileTemplate "${config.fileTemplate}" makes the name ${name}.`, {
      hint: 'A name that begins with "_" is that of a helper and would not be read back as a revision.',
      facts: { template: config.fileTemplate, name },
    });
  }
  const file = resolve(location, name);
  // revisionFileName lets no ".." through; this holds whatever it becomes.
  if (!file.startsWith(resolve(location) + sep)) throw new Error(`${name} leads out of ${location}`);
  return file;
}

function templateFor(format: 'ts' | 'sql', config: DraftConfig): string {
  const name = `revision.${format}.ejs`;
  if (config.template !== null && !existsSync(config.template)) {
    const shown = shownPath(config.template, config.workingDirectory);
    throw new AludelError('config.invalid', `The directory ${shown} of "template" does not exist.`, { where: shown });
  }
  const own = config.template === null ? [] : [config.template];
  const template = findTemplate(name, [...own, join(builtInTemplates(), 'default')]);
  if (template === null) throw new Error(`no template ${name} in this package`);
  return template;
}

async function rendered(template: string, shownTemplate: string, data: TemplateData): Promise<string> {
  try {
    return await renderTemplate(template, data);
  } catch (error) {
    throw new AludelError('revision.invalid', `The template ${shownTemplate} fails: ${messageOf(error)}`, {
      where: shownTemplate,
      hint: 'Nothing was written.',
      facts: { template: shownTemplate },
      cause: error,
    });
  }
}

/** Every text comes as source that is safe in its place; templates put it in as it is. */
function dataFor(wanted: NewRevision, createDate: string): TemplateData {
  const { id, downRevisions, dependsOn, branchLabels, message, upgrade, downgrade } = wanted;
  if (wanted.format === 'sql') {
    const optionsOf = (direction: 'upgrade' | 'downgrade'): string =>
      wanted.withoutTransaction.includes(direction) ? ' transaction:false' : '';
    return {
      message: asSqlComment(message),
      revision: asSqlList([id]),
      down_revision: asSqlList(downRevisions),
      branch_labels: asSqlList(branchLabels),
      depends_on: asSqlList(dependsOn),
      create_date: createDate,
      upgrade: upgrade.trimEnd(),
      downgrade: downgrade.trimEnd(),
      upgrade_options: optionsOf('upgrade'),
      downgrade_options: optionsOf('downgrade'),
    };
  }
  return {
    message: asDocComment(message),
    revision: asStringLiteral(id),
    down_revision: asLiteral(oneOrMany(downRevisions)),
    branch_labels: asLiteral(oneOrMany(branchLabels)),
    depends_on: asLiteral(oneOrMany(dependsOn)),
    create_date: createDate,
    upgrade: indentBody(upgrade.trimEnd()),
    downgrade: indentBody(downgrade.trimEnd()),
  };
}

function oneOrMany(ids: readonly string[]): null | string | readonly string[] {
  return ids.length > 1 ? ids : (ids[0] ?? null);
}

/** Comma-separated; what would not be read back bare is put in quotes. */
function asSqlList(ids: readonly string[]): string {
  if (ids.length === 0) return 'null';
  return ids.map((id) => (/^[\w.+-]+$/.test(id) && !/^(?:null|none)$/i.test(id) ? id : quoted(id))).join(', ');
}

function quoted(id: string): string {
  return id.includes('"') ? `'${id}'` : `"${id}"`;
}

/** Reads back what the template made: a template of the user's may have lost a field, or changed it. */
function headerOf(text: string, wanted: NewRevision, shownTemplate: string): RevisionHeader {
  const reading = wanted.format === 'sql' ? readSqlHeader(text) : readModuleHeader(text);
  if (reading.kind !== 'header') throw brokenTemplate(shownTemplate, `line ${reading.line}: ${reading.reason}`);
  const { header } = reading;
  const pairs = [
    ['revision', [wanted.id], [header.revision]],
    ['down_revision', wanted.downRevisions, header.downRevisions],
    ['branch_labels', wanted.branchLabels, header.branchLabels],
    ['depends_on', wanted.dependsOn, header.dependsOn],
  ] as const;
  for (const [field, asked, written] of pairs) {
    if (asked.length !== written.length || asked.some((id, i) => id !== written[i])) {
      throw brokenTemplate(
        shownTemplate,
        `${field} should be ${JSON.stringify(asked)} and is ${JSON.stringify(written)}`,
      );
    }
  }
  const sections = wanted.format === 'sql' ? readSqlSections(text) : null;
  if (sections?.kind === 'invalid') throw brokenTemplate(shownTemplate, `line ${sections.line}: ${sections.reason}`);
  return header;
}

function brokenTemplate(shownTemplate: string, reason: string): AludelError {
  return new AludelError(
    'revision.invalid',
    `The template ${shownTemplate} does not make the revision asked for: ${reason}.`,
    {
      where: shownTemplate,
      hint: 'Nothing was written.',
      facts: { template: shownTemplate },
    },
  );
}
