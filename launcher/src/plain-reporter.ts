import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Ends a run with one line for programs and people in a hurry: `12 passed, 0 failed`. It is written when the process
 * exits, after everything else that Vitest has to say.
 */
export default class PlainReporter implements Reporter {
  private passed = 0;
  private failed = 0;
  private skipped = 0;

  onInit(): void {
    process.once('exit', (code) => {
      // What fails outside of all tests (the setup, say) is counted as one failure: a bad run never looks like a good one.
      const failed = code === 0 ? this.failed : Math.max(this.failed, 1);
      const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
      writeSync(process.stdout.fd, `${this.passed} passed, ${failed} failed${skipped}\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: 'passed' | 'failed' | 'skipped') =>
      tests.filter((test) => test.result().state === state).length;
    // A file that cannot be loaded fails without a test that does.
    const unloadable = modules.filter(
      (module) => module.state() === 'failed' && module.children.allTests('failed').next().done,
    );
    this.passed = count('passed');
    this.failed = count('failed') + unloadable.length + unhandledErrors.length;
    this.skipped = count('skipped');
  }
}
