import type { Reporter, TestModule } from 'vitest/node';

/** Prints `N passed, N failed` as the very last line, for people and for CI. A run without a test is a failure. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failed += 1;
      }
    }
    if (passed + failed === 0) failed = 1;
    if (failed > 0) process.exitCode = 1;
    process.on('exit', () => console.log(`${passed} passed, ${failed} failed`));
  }
}
