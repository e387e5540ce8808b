/**
 * Gives the 1-based lines of places in a text; it counts on from the last answer when places are asked in rising order.
 *
 * A line ends with LF, CR LF, or a CR alone.
 */
export function lineCounter(source: string): (at: number) => number {
  const lineBreak = /\r\n?|\n/g;
  let line = 1;
  let lineStart = 0;
  return (at) => {
    if (at < lineStart) {
      line = 1;
      lineStart = 0;
    }
    lineBreak.lastIndex = lineStart;
    while (lineBreak.test(source) && lineBreak.lastIndex <= at) {
      lineStart = lineBreak.lastIndex;
      line++;
    }
    return line;
  };
}
