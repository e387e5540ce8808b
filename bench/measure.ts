import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export const aludel = { bin: `${root}bin/aludel.js`, builtFile: `${root}dist/cli.js` };

/** A whole process to time; `before` runs first each time and is not counted. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** Text for stdin. */
  readonly input?: string;
  readonly before?: () => void;
}

/** Another tool at the same work. */
export interface Rival {
  readonly name: string;
  readonly command: Command;
  /** Peak memory of one run, in MB. */
  readonly peak: () => number;
}

export interface PairedTimes {
  /** Median wall times in milliseconds. */
  readonly ms: number;
  readonly referenceMs: number;
  /** Median of the ratios within each pair: it holds where the speed of the machine drifts. */
  readonly ratio: number;
}

export function aludelCommand(cwd: string, ...args: readonly string[]): Command {
  return { argv: [process.execPath, aludel.bin, ...args], cwd };
}

/** A Node that does nothing: what every command of ours pays before its first line. */
export function bareNode(cwd: string): Command {
  return { argv: [process.execPath, '-e', '0'], cwd };
}

/** A Node that reads every revision file and does nothing with it: what no command that reads the history can do without. */
export function bareReading(cwd: string): Command {
  const program =
    "const fs = require('fs'); for (const name of fs.readdirSync('versions')) fs.readFileSync('versions/' + name, 'utf8')";
  return { argv: [process.execPath, '-e', program], cwd };
}

/** Runs both in turn, after one pair that is not counted, so that both meet the same machine. */
export function pairedRuns(command: Command, reference: Command, pairs: number): PairedTimes {
  const times: { readonly ms: number; readonly referenceMs: number }[] = [];
  for (let pair = -1; pair < pairs; pair++) {
    // Alternating who goes first keeps what one leaves behind (caches, a busy disk) from always hitting the other.
    const first = pair % 2 === 0;
    const early = first ? timeOf(command) : timeOf(reference);
    const late = first ? timeOf(reference) : timeOf(command);
    if (pair >= 0) times.push(first ? { ms: early, referenceMs: late } : { ms: late, referenceMs: early });
  }
  return {
    ms: median(times.map(({ ms }) => ms)),
    referenceMs: median(times.map(({ referenceMs }) => referenceMs)),
    ratio: median(times.map(({ ms, referenceMs }) => ms / referenceMs)),
  };
}

/** Wall time of one run in milliseconds. Throws with what the process said when it failed. */
export function timeOf({ argv, cwd, input, before }: Command): number {
  before?.();
  const [file, ...args] = argv;
  const start = performance.now();
  const { status, stderr } = spawnSync(file, args, { cwd, input, stdio: ['pipe', 'ignore', 'pipe'] });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}:\n${stderr.toString()}`);
  return ms;
}

/** Peak resident memory of one run of a Node process, in MB (10^6 bytes), as the system accounts it. */
export function peakMemoryOf({ argv: [node, ...args], cwd }: Command): number {
  const report = "process.on('exit', () => require('fs').writeSync(3, String(process.resourceUsage().maxRSS)))";
  const preload = `data:text/javascript,import { createRequire } from 'node:module'; const require = createRequire('file:///'); ${report}`;
  const { output } = spawnSync(node, ['--import', preload, ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  return (Number(output[3]?.toString()) * 1024) / 1e6;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

/** Prints a Markdown table: what a reader of the terminal sees is what bench/README.md holds. */
export function printTable(title: string, header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  console.log(`\n${title}\n\n${[line(header), rule, ...rows.map(line)].join('\n')}`);
}

export function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
