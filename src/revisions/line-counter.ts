/** Gives the 1-based lines of places in a text; it counts on from the last answer when places are asked in rising order. */
export function lineCounter(source: string): (at: number) => number {
  let position = 0;
  let line = 1;
  return (at) => {
    if (at < position) {
      position = 0;
      line = 1;
    }
    for (; position < at; position++) {
      const code = source.charCodeAt(position);
      if (code === 0x0a || (code === 0x0d && source.charCodeAt(position + 1) !== 0x0a)) line++;
    }
    return line;
  };
}
