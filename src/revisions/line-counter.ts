/**
 * Gives the 1-based lines of places in a text; it counts on from the last answer when places are asked in rising order.
 *
 * A line ends with LF, CR LF, or a CR alone.
 */
export function lineCounter(source: string): (at: number) => number {
  const nextLine = source.includes('\r') ? afterAnyLineBreak(source) : afterLineFeed(source);
  let line = 1;
  let lineStart = 0;
  return (at) => {
    if (at < lineStart) {
      line = 1;
      lineStart = 0;
    }
    for (let next = nextLine(lineStart); next > 0 && next <= at; next = nextLine(lineStart)) {
      lineStart = next;
      line++;
    }
    return line;
  };
}

/** Where the line after the one that begins here begins; 0 when it is the last. */
type NextLine = (lineStart: number) => number;

/** For nearly every file, and several times as fast as the other. */
function afterLineFeed(source: string): NextLine {
  return (lineStart) => source.indexOf('\n', lineStart) + 1;
}

function afterAnyLineBreak(source: string): NextLine {
  const lineBreak = /\r\n?|\n/g;
  return (lineStart) => {
    lineBreak.lastIndex = lineStart;
    return lineBreak.test(source) ? lineBreak.lastIndex : 0;
  };
}
