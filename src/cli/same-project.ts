import type { ConfigLocation } from '../commands/invocation.ts';

/**
 * The flags that a command which is advised needs in order to mean the same database, with a blank before each: ` -n shop`.
 * A URL is left for the user to repeat, since it may hold a password.
 */
export function sameProject({ file, name, url, x = [] }: ConfigLocation): string {
  return [
    file === undefined ? '' : ` --config ${quoted(file)}`,
    name === undefined ? '' : ` -n ${quoted(name)}`,
    url === undefined ? '' : ' --url …',
    x.length === 0 ? '' : ' -x …',
  ].join('');
}

/** {@link sameProject} for a command that compares schemas, which has more flags than the others. */
export function sameSchemas(config: ConfigLocation): string {
  const { grants, scratch } = config;
  return `${sameProject(config)}${grants === true ? ' --grants' : ''}${scratch === undefined ? '' : ' --scratch …'}`;
}

/** {@link sameSchemas} with what says how they are compared. */
export function sameComparison(
  config: ConfigLocation,
  flags: { readonly [flag in 'rename' | 'include' | 'exclude']: readonly string[] },
): string {
  const given = Object.entries(flags).flatMap(([flag, texts]) => texts.map((text) => ` --${flag} ${quoted(text)}`));
  return `${sameSchemas(config)}${given.join('')}`;
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
