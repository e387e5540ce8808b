import { AludelError } from '../support/aludel-error.ts';
import { listed, nearest } from '../support/text.ts';

/** A point in time as a calendar shows it in the wanted time zone; `epoch` in whole seconds. */
export interface FileDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly epoch: number;
}

/** What the name of a new revision file is made of. */
export interface FileNameParts {
  readonly rev: string;
  /** See {@link slugOf}; may be empty. */
  readonly slug: string;
  readonly date: FileDate;
}

/** The template used when the configuration has none. */
export const defaultFileTemplate = '{rev}_{slug}';

// The longest name of ext4, APFS (in bytes) and NTFS (in UTF-16 units, which are never more than the bytes).
const maximumNameBytes = 255;

const digitsOf = { year: 4, month: 2, day: 2, hour: 2, minute: 2, second: 2, epoch: 1 } as const;
const tokens = ['rev', 'slug', ...Object.keys(digitsOf)];

/**
 * The words of a message as a part of a file name: letters, digits and underscores of any script, in lower case, joined
 * with `_`; empty when the message has none.
 *
 * Over `maxLength` characters it is cut as Alembic cuts it: the last word, which may be a part of one, is dropped and a
 * `_` stays behind to show the cut; a single long word is cut inside.
 */
export function slugOf(message: string, maxLength = 40): string {
  const words = message.normalize('NFC').match(/[\p{L}\p{N}_]+/gu) ?? [];
  // Lower case may bring marks with it: that of the Turkish İ has two characters.
  const slug = words.join('_').toLowerCase().replace(/\p{M}/gu, '');
  const characters = Array.from(slug);
  if (characters.length <= maxLength) return slug;
  if (maxLength <= 0) return '';
  const cut = characters.slice(0, maxLength).join('');
  const lastBreak = cut.lastIndexOf('_');
  return `${lastBreak === -1 ? cut : cut.slice(0, lastBreak)}_`;
}

/**
 * The name of a new revision file, relative to its version location; it may name directories with `/`.
 *
 * Tokens of the template are {rev} {slug} {year} {month} {day} {hour} {minute} {second} {epoch}, also in the spelling of
 * Alembic: %(rev)s, %(year)d, %(month).2d. Where the slug is empty its separator goes too. Throws config.invalid when
 * the template is wrong or its name could not be used on every system, revision.invalid when the id is to blame.
 */
export function revisionFileName(template: string, parts: FileNameParts, extension = '.ts'): string {
  if (!/^[^/\\:*?"<>|\p{Cc}\p{Cs}]+$/u.test(parts.rev)) {
    const message = `The revision id ${JSON.stringify(parts.rev)} cannot be part of a file name.`;
    throw new AludelError('revision.invalid', message, { hint: 'Use letters, digits, "_" and "-".' });
  }
  const name = `${fillTemplate(template, parts)}${extension}`;
  const problem = problemOfPath(name);
  if (problem === null) return name;
  throw invalidTemplate(template, `fileTemplate "${template}" makes the name ${JSON.stringify(name)}, ${problem}.`);
}

/**
 * True for the name (without directories) of a file that may be a revision: .ts .mts .cts .js .mjs .cjs .sql. Capitals
 * in the ending count too, since a revision under such a name must be told of: see {@link hasCapitalEnding}.
 *
 * Declaration files, tests (`*.test.*`, `*.spec.*`), dotfiles and what editors and broken-off runs leave are none.
 */
export function isRevisionFile(name: string): boolean {
  if (name.startsWith('.')) return false;
  return /^.+\.(?:[cm]?[jt]s|sql)$/isu.test(name) && !/\.(?:d\.[cm]?ts|(?:test|spec)\.[a-z]+)$/iu.test(name);
}

/** True for a name whose ending is not in lower case, as in `a.SQL`: what loads modules does not know it. */
export function hasCapitalEnding(name: string): boolean {
  return /\.[a-z]*[A-Z][A-Za-z]*$/u.test(name);
}

// {name}, {{ and }}, %(name)s with the flags of printf, and %%.
const token = /\{\{|\}\}|\{([^{}]*)\}|[{}]|%%|%\(([^)]*)\)(0?)(\d*)(?:\.(\d+))?([a-z]?)/gi;

function fillTemplate(template: string, parts: FileNameParts): string {
  let name = '';
  let position = 0;
  // True while the text before an empty slug ended a directory: then the separator behind it goes.
  let dropsSeparator = false;
  const append = (text: string): void => {
    name += dropsSeparator ? text.replace(/^[-_. ]+/, '') : text;
    if (text !== '') dropsSeparator = false;
  };
  for (const match of template.matchAll(token)) {
    append(template.slice(position, match.index));
    position = match.index + match[0].length;
    const [whole, braced, printf, zero, width, precision, conversion] = match;
    const word = braced ?? printf;
    if (word === undefined) {
      if (whole.length === 1) throw invalidTemplate(template, `fileTemplate "${template}" has a single "${whole}".`);
      append(whole.charAt(0));
    } else if (word === 'slug' && parts.slug === '') {
      name = name.replace(/[-_. ]+$/, '');
      dropsSeparator = name === '' || name.endsWith('/');
    } else if (printf === undefined) {
      append(valueOf(template, word, parts, null));
    } else {
      if (!['s', 'd', 'i'].includes(conversion ?? '')) {
        throw invalidTemplate(template, `fileTemplate "${template}": "${whole}" must end with "s" or "d".`);
      }
      const digits = Number(precision ?? '0');
      const padded = valueOf(template, word, parts, digits).padStart(Math.min(Number(width), 99), zero || ' ');
      append(padded);
    }
  }
  append(template.slice(position));
  return name;
}

/** The text of a token; numbers have at least `digits` digits, or as many as is usual for them when it is null. */
function valueOf(template: string, word: string, parts: FileNameParts, digits: number | null): string {
  switch (word) {
    case 'rev':
      return parts.rev;
    case 'slug':
      return parts.slug;
    case 'year':
    case 'month':
    case 'day':
    case 'hour':
    case 'minute':
    case 'second':
    case 'epoch':
      return String(parts.date[word]).padStart(Math.min(digits ?? digitsOf[word], 99), '0');
    default: {
      const near = nearest(word, tokens);
      const hint = near === null ? `Tokens are ${listed(tokens)}.` : `Did you mean {${near}}?`;
      throw invalidTemplate(template, `fileTemplate "${template}" has an unknown token "${word}".`, hint);
    }
  }
}

// Names of devices on Windows, with any extension: learn.microsoft.com/windows/win32/fileio/naming-a-file.
const deviceName = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(?:\.|$)/i;

/** Why a relative path is no name for a revision file; null when it is one. */
function problemOfPath(path: string): string | null {
  if (path.includes('\\')) return 'which has a backslash: write "/" between directories';
  if (/[:*?"<>|\p{Cc}\p{Cs}]/u.test(path)) return 'which has a character that not every system allows';
  const segments = path.split('/');
  if (segments[0] === '') return 'which is not inside the version location';
  for (const segment of segments) {
    if (segment === '' || segment === '.') return 'which has an empty part';
    if (segment === '..') return 'which leads out of the version location';
    if (deviceName.test(segment)) return `and "${segment}" is the name of a device on Windows`;
    if (/[. ]$/.test(segment)) return 'which has a part that ends with a dot or a space';
    const bytes = utf8Length(segment);
    if (bytes > maximumNameBytes) return `and a part of it has ${bytes} bytes; ${maximumNameBytes} are allowed`;
  }
  return isRevisionFile(segments.at(-1) ?? '') ? null : 'which would not be read back as a revision';
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function invalidTemplate(template: string, message: string, hint: string | null = null): AludelError {
  return new AludelError('config.invalid', message, { where: 'fileTemplate', hint, facts: { template } });
}
