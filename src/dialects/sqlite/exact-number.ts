/** Two to the power of this is read exactly: it has 16 digits. */
const step = 52;

/**
 * A finite number as SQL that every version of SQLite reads to the last bit. Its own reading of decimals is off by one bit now and
 * then for many digits or great exponents (3.40, util.c, sqlite3AtoF), so such a number is written as a quotient or product
 * of two that are exact: an integer and powers of two.
 */
export function exactNumber(value: number): string {
  const text = String(value);
  if (Number.isSafeInteger(value)) return text;
  const { mantissa, exponent } = partsOf(Math.abs(value));
  if (isReadToTheLastBit(text, mantissa, exponent)) return text;
  const sign = value < 0 ? '-' : '';
  return `(${sign}${scaled(mantissa, exponent)} /* ${text} */)`;
}

/** `mantissa * 2 ** exponent`, the mantissa with 53 bits unless the number is one of the smallest. */
function partsOf(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const all = bits.getBigUint64(0);
  const biased = Number(all >> 52n);
  const fraction = all & ((1n << 52n) - 1n);
  // The smallest ones have no leading 1 (IEEE 754).
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

/**
 * Up to 15 digits and powers of ten up to 22 are exact as reals, so one division or product gives the number, unless the digits
 * lie so near the middle between two numbers that rounding twice, as on processors with longer reals, may take the other one.
 */
function isReadToTheLastBit(text: string, mantissa: bigint, exponent: number): boolean {
  const [, whole = '', fraction = '', power = '0'] = /^-?(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const ten = Number(power) - fraction.length;
  if (digits.length > 15 || Math.abs(ten) > 22) return false;
  // Both sides of the comparison are multiplied by what makes them integers.
  const tenth = ten < 0 ? 10n ** BigInt(-ten) : 1n;
  const half = exponent < 0 ? 1n << BigInt(-exponent) : 1n;
  const written = BigInt(digits) * (ten > 0 ? 10n ** BigInt(ten) : 1n) * half;
  const unit = (exponent > 0 ? 1n << BigInt(exponent) : 1n) * tenth;
  const apart = written > mantissa * unit ? written - mantissa * unit : mantissa * unit - written;
  // Below a power of two the next number is half as far away.
  const limit = mantissa === 1n << 52n ? 24n : 49n;
  return apart * 100n < limit * unit;
}

function scaled(mantissa: bigint, exponent: number): string {
  let whole = mantissa;
  let power = exponent;
  while (whole % 2n === 0n) {
    whole /= 2n;
    power++;
  }
  const sign = power < 0 ? '/' : '*';
  let text = power < 0 ? `${whole}` : `${whole}.0`;
  for (let left = Math.abs(power); left > 0; left -= step) text += `${sign}${2n ** BigInt(Math.min(left, step))}.0`;
  return text;
}
