/** An argument of a call: source text as it is, a list, an object or a function. */
export type Argument = string | readonly Argument[] | Fields | Block;

/** An object; what is undefined is left out. */
export interface Fields {
  readonly kind: 'fields';
  readonly entries: readonly (readonly [name: string, value: Argument])[];
}

/** A function of one parameter that makes these calls. */
export interface Block {
  readonly kind: 'block';
  readonly parameter: string;
  readonly calls: readonly Call[];
}

/** `root.name(args).name(args)`. */
export interface Call {
  readonly root: string;
  readonly links: readonly (readonly [name: string, args: readonly Argument[]])[];
}

/** Longest line: what Prettier's `printWidth: 120` leaves inside of a function. */
const width = 118;

/** A text as a literal of TypeScript, in the quotes that need no escapes; as a template where none do, or over several lines. */
export function textOf(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\r', '\\r');
  if (!text.includes('\n')) {
    if (!text.includes("'")) return `'${escaped}'`;
    if (!text.includes('"')) return `"${escaped}"`;
  }
  return `\`${escaped.replaceAll('`', '\\`').replaceAll('${', '\\${')}\``;
}

export function textsOf(texts: readonly string[]): Argument {
  return texts.map(textOf);
}

export function fields(entries: Readonly<Record<string, Argument | undefined>>): Fields {
  return {
    kind: 'fields',
    entries: Object.entries(entries).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  };
}

export function block(parameter: string, calls: readonly Call[]): Block {
  return { kind: 'block', parameter, calls };
}

/** A call; objects without fields are left out. */
export function call(root: string, name: string, ...args: readonly Argument[]): Call {
  return { root, links: [[name, args.filter((arg) => !isFields(arg) || arg.entries.length > 0)]] };
}

/** A call of `op`, to be awaited. */
export function opCall(name: string, ...args: readonly Argument[]): Call {
  return call('await op', name, ...args);
}

/** A statement of a function's body as Prettier leaves it; `indent` blanks deep in it, without those of its first line. */
export function statementText({ root, links }: Call, indent = 0): string {
  const flat = flatCall({ root, links });
  if (flat !== null && fits(`${flat};`, indent)) return `${flat};`;
  const [first, ...rest] = links;
  if (first === undefined) return `${root};`;
  const flatLinks = links.map(([name, args]) => flatLink(name, args));
  // A chain of three calls goes on new lines; a shorter one is broken inside of its first call.
  if (rest.length > 1 && flatLinks.every((link) => link !== null)) {
    return `${root}${flatLinks.join(`\n${' '.repeat(indent + 2)}`)};`;
  }
  const [name, args] = first;
  return `${brokenCall(`${root}.${name}`, args, indent)}${flatLinks.slice(1).join('')};`;
}

function flatCall({ root, links }: Call): string | null {
  const flat = links.map(([name, args]) => flatLink(name, args));
  return flat.includes(null) ? null : root + flat.join('');
}

function flatLink(name: string, args: readonly Argument[]): string | null {
  const flat = args.map(flatArgument);
  return flat.includes(null) ? null : `.${name}(${flat.join(', ')})`;
}

/** On one line; null for what never is. */
function flatArgument(value: Argument): string | null {
  if (typeof value === 'string') return value.includes('\n') ? null : value;
  if (isList(value)) {
    const flat = value.map(flatArgument);
    const isTable = value.length > 1 && value.every((one) => isFields(one) && one.entries.length > 1);
    return isTable || flat.includes(null) ? null : `[${flat.join(', ')}]`;
  }
  if (isFields(value)) {
    const flat = value.entries.map(([name, field]) => [name, flatArgument(field)] as const);
    if (flat.some(([, text]) => text === null)) return null;
    return flat.length === 0 ? '{}' : `{ ${flat.map(([name, text]) => `${name}: ${text}`).join(', ')} }`;
  }
  const [only] = value.calls;
  if (value.calls.length > 1 || only === undefined || only.root.startsWith('await ')) return null;
  const text = flatCall(only);
  return text === null ? null : `(${value.parameter}) => ${text}`;
}

function brokenCall(callee: string, args: readonly Argument[], indent: number): string {
  const last = args.at(-1);
  const before = args.slice(0, -1).map(flatArgument);
  const [only] = args;
  // A template over several lines stays where it is when it is alone.
  if (args.length === 1 && typeof only === 'string' && only.includes('\n')) return `${callee}(${only})`;
  if (
    last !== undefined &&
    typeof last !== 'string' &&
    kindOf(last) !== kindOf(args.at(-2)) &&
    !before.includes(null)
  ) {
    const head = [...before, ''].join(', ');
    const [opening = ''] = broken(last, indent).split('\n');
    if (fits(`${callee}(${head}${opening}`, indent)) return `${callee}(${head}${broken(last, indent)})`;
  }
  const inner = indent + 2;
  const lines = args.map((arg) => `${' '.repeat(inner)}${fitted(arg, inner, ',')},`);
  return `${callee}(\n${lines.join('\n')}\n${' '.repeat(indent)})`;
}

/** On one line where that fits with what stands behind it, else over several. */
function fitted(value: Argument, indent: number, behind: string, before = ''): string {
  const flat = flatArgument(value);
  return flat !== null && (typeof value === 'string' || fits(before + flat + behind, indent))
    ? flat
    : broken(value, indent);
}

function broken(value: Argument, indent: number): string {
  const inner = indent + 2;
  const [margin, end] = [' '.repeat(inner), ' '.repeat(indent)];
  if (typeof value === 'string') return value;
  if (isList(value)) return `[\n${value.map((one) => `${margin}${fitted(one, inner, ',')},`).join('\n')}\n${end}]`;
  if (isFields(value)) {
    const lines = value.entries.map(([name, field]) => {
      const flat = flatArgument(field);
      const isLong = flat !== null && !fits(`${name}: ${flat},`, inner);
      // A string that is too long begins a line of its own, unless its name is no longer than an indentation.
      if (isLong && typeof field === 'string' && !field.startsWith('`') && name.length > 2)
        return `${margin}${name}:\n${margin}  ${field},`;
      return `${margin}${name}: ${fitted(field, inner, ',', `${name}: `)},`;
    });
    return `{\n${lines.join('\n')}\n${end}}`;
  }
  const lines = value.calls.map((one) => `${margin}${statementText(one, inner)}`);
  return `(${value.parameter}) => {\n${lines.join('\n')}\n${end}}`;
}

function fits(text: string, indent: number): boolean {
  return indent + text.length <= width;
}

function kindOf(value: Argument | undefined): string {
  if (value === undefined || typeof value === 'string') return 'text';
  return isList(value) ? 'list' : value.kind;
}

function isList(value: Argument): value is readonly Argument[] {
  return Array.isArray(value);
}

export function isFields(value: Argument | undefined): value is Fields {
  return value !== undefined && typeof value === 'object' && !isList(value) && value.kind === 'fields';
}
