import { type TestContext } from 'vitest';

/** Part of the full figures that a run of the soak lane does: `SOAK_SCALE=0.1 npm run test:soak` makes a tenth of the kills, seeds and minutes. */
const scale = Number(process.env['SOAK_SCALE'] ?? 1);

/** So many of the full number, at least one. */
export const scaled = (full: number): number => Math.max(1, Math.round(full * scale));

declare module 'vitest' {
  interface TaskMeta {
    /** What `docs/reliability.md` shows of this test. */
    soak?: { of: string; figure: string };
  }
}

/** Tells the report what was measured: which safety test (`T05`), and the figure in words. */
export function tellFigure({ task }: Pick<TestContext, 'task'>, of: string, figure: string): void {
  task.meta.soak = { of, figure };
  console.log(`${of}: ${figure}`);
}
