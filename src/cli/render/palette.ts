type Paint = (text: string) => string;

/** Colours by what they mean. One palette belongs to one stream: stdout may be a file while stderr is a terminal. */
export interface Palette {
  readonly revision: Paint;
  readonly label: Paint;
  /** Head, branch point, merge point. */
  readonly mark: Paint;
  readonly current: Paint;
  readonly pending: Paint;
  readonly muted: Paint;
  readonly strong: Paint;
  readonly good: Paint;
  readonly warning: Paint;
  readonly bad: Paint;
}

/** Whether a stream may be coloured. */
export interface ColorQuestion {
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** --color is true, --no-color is false, neither is null. */
  readonly flag: boolean | null;
}

/** Flag, then FORCE_COLOR, then NO_COLOR, then whether a person is looking. chalk itself does not know NO_COLOR. */
export function wantsColor({ isTerminal, env, flag }: ColorQuestion): boolean {
  if (flag !== null) return flag;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return isTerminal && env['TERM'] !== 'dumb';
}

const unchanged: Paint = (text) => text;

/** The palette of a pipe: nothing is coloured, and chalk is not loaded. */
export const plain: Palette = {
  revision: unchanged,
  label: unchanged,
  mark: unchanged,
  current: unchanged,
  pending: unchanged,
  muted: unchanged,
  strong: unchanged,
  good: unchanged,
  warning: unchanged,
  bad: unchanged,
};
