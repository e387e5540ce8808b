import ts from 'typescript';
import { fileURLToPath } from 'node:url';

const directory = fileURLToPath(new URL('.', import.meta.url));

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
};

/** Those of knex and Node are read once for all programs. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** What the compiler has to say about these files, beside which stand this repository's packages; by file name. */
export function complaintsAbout(files: Readonly<Record<string, string>>): readonly string[] {
  const own = new Map(Object.entries(files).map(([name, text]) => [`${directory}${name}`, text]));
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...own.keys()], options, {
    ...host,
    fileExists: (path) => own.has(path) || host.fileExists(path),
    readFile: (path) => own.get(path) ?? host.readFile(path),
    getSourceFile(path, settings) {
      const text = own.get(path);
      if (text !== undefined) return ts.createSourceFile(path, text, settings);
      if (!parsed.has(path)) parsed.set(path, host.getSourceFile(path, settings));
      return parsed.get(path);
    },
  });
  return program
    .getSourceFiles()
    .filter(({ fileName }) => own.has(fileName))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, start = 0, messageText }) => {
      const line = file?.text.slice(0, start).split('\n').length ?? 0;
      const source = file?.text.split('\n')[line - 1] ?? '';
      return `${source.trim()}\n${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
}

/** A value as an expression that has its type. */
export function expressionOf(value: unknown): string {
  if (value instanceof Date) return 'new Date()';
  if (Buffer.isBuffer(value)) return 'Buffer.alloc(0)';
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(expressionOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => `${JSON.stringify(name)}: ${expressionOf(field)}`);
  return `{ ${[...fields, ...('toPostgres' in value ? ["toPostgres: () => ''"] : [])].join(', ')} }`;
}
