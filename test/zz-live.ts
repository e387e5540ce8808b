import { readFileSync } from 'node:fs';
import { checkVectors } from './conformance/check-vectors.ts';
import { openLiveAdapter } from './conformance/live-adapter.ts';
import { parseVectorFile } from './conformance/vector-file.ts';
const url = process.argv[2]!;
const a = await openLiveAdapter(url);
for (const n of process.argv.slice(3)) {
  const t = Date.now();
  const r = await checkVectors(parseVectorFile(readFileSync(`test/fixtures/conformance/${n}.json`, 'utf8')), a);
  console.log(url, n, r.passed, r.failed.length, r.skipped, 'quirks', r.quirks.agree, r.quirks.differ.length, r.quirks.corrupt.length, 'facts', r.facts.passed, r.facts.failed.length, Date.now() - t, 'ms');
  for (const f of [...r.failed, ...r.quirks.corrupt, ...r.facts.failed].slice(0, 25)) console.log(JSON.stringify(f));
}
await a.close();
