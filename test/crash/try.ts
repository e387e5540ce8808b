import { buildWorker } from './run-worker.ts';
import { interruptEverywhere, scenarios } from './interrupt.ts';
const program = await buildWorker();
try {
  for (const [i, s] of scenarios.entries()) {
    if (process.argv[2] && !process.argv[2].split(',').includes(String(i))) continue;
    const t = Date.now();
    try { const o = await interruptEverywhere(program, s, { stride: Number(process.argv[3] ?? 29) });
    console.log(s.name, o.events, o.kills, o.questions, o.manualSteps, o.differences.slice(0,3), Date.now() - t); } catch (e) { console.log(s.name, String(e).slice(0, 1500)); }
  }
} finally { program.remove(); }
