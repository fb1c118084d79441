/** Something the person at the terminal can put right. Its message is printed as it is, without a stack. */
export class LaunchError extends Error {
  /**
   * @param {string} message what is wrong and what to do
   * @param {number} [exitCode] 1 unless told
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'LaunchError';
    this.exitCode = exitCode;
  }
}
