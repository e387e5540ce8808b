import { Chalk } from 'chalk';
import type { Palette } from './palette.ts';

/** The sixteen basic colours only: they follow the theme of the terminal. */
export function colors(): Palette {
  const chalk = new Chalk({ level: 1 });
  return {
    revision: chalk.yellow,
    label: chalk.cyan,
    mark: chalk.green,
    current: chalk.green.bold,
    pending: chalk.magenta,
    muted: chalk.dim,
    strong: chalk.bold,
    good: chalk.green,
    warning: chalk.yellow,
    bad: chalk.red,
  };
}
