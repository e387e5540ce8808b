/** Types between which casts exist (manual, pg_cast); every type has one from and to texts. */
const families: readonly RegExp[] = [
  /^(?:smallint|integer|bigint|numeric|real|double precision|money|oid)\b/,
  /^(?:text|character|name\b|"char")/,
  /^(?:date|timestamp)/,
  /^(?:time\b|interval)/,
  /^jsonb?$/,
  /^bit\b/,
  /^(?:inet|cidr)$/,
];

/** True where the server casts by itself in an assignment, and refuses a value that has no place in the new type. */
export function isAssignable(from: string, to: string): boolean {
  const [one, other] = [bare(from), bare(to)];
  return assignable.some((family) => family.test(one) && family.test(other));
}

const assignable: readonly RegExp[] = [
  /^(?:smallint|integer|bigint|numeric(?:\([\d,]+\))?|real|double precision)$/,
  /^(?:text|character(?: varying)?(?:\(\d+\))?)$/,
  /^(?:date|timestamp(?:\(\d\))? with(?:out)? time zone)$/,
];

/** An expression as another type: by the cast that there is, else by what both types write. */
export function castTo(expression: string, from: string, to: string): string {
  const target = bare(to);
  return isCast(bare(from), target) ? `${expression}::${target}` : `${expression}::text::${target}`;
}

function isCast(from: string, to: string): boolean {
  const [lists, becomesList] = [from.endsWith('[]'), to.endsWith('[]')];
  if (lists && becomesList) return isCast(from.slice(0, -2), to.slice(0, -2));
  const [one, other] = [familyOf(from), familyOf(to)];
  const isText = families[1];
  if (one === isText || other === isText || from === to) return true;
  if (lists || becomesList) return false;
  const isLogical = (type: string, of: string): boolean => type === 'boolean' && of === 'integer';
  return (one !== undefined && one === other) || isLogical(from, to) || isLogical(to, from);
}

function familyOf(type: string): RegExp | undefined {
  return type.endsWith('[]') ? undefined : families.find((family) => family.test(type));
}

/** Without its collation. */
function bare(type: string): string {
  return type.replace(/ COLLATE .*$/, '');
}
