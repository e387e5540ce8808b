/** The line of the first stack frame in this file. Frames hold absolute paths or file URLs, so the names are compared. */
export function lineInFile(error: Error, path: string): number | null {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  for (const frame of (error.stack ?? '').split('\n')) {
    const found = /(?:^|[\\/( ])([^\\/()]+?)(?:\?[^:]*)?:(\d+):\d+\)?$/.exec(frame);
    if (found?.[1] !== undefined && decoded(found[1]) === name) return Number(found[2]);
  }
  return null;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
