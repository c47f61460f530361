import type { Reporter, TestModule } from 'vitest/node';
import { keepFigures, type SoakFigure } from './scripts/reliability.ts';

/** Prints what the soak lane measured as a table, and puts it into `docs/reliability.md`. */
export default class SoakTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const at = new Date().toISOString().slice(0, 10);
    const figures = modules
      .flatMap((module) => [...module.children.allTests()])
      .filter((test) => test.result().state !== 'skipped')
      .map((test): SoakFigure => {
        const { of = '', figure = '' } = (test.meta() as { soak?: { of: string; figure: string } }).soak ?? {};
        return { of, test: test.name, figure, ok: test.result().state === 'passed', at };
      });
    if (figures.length > 0) console.log(`\n${keepFigures(figures)}\n`);
  }
}
