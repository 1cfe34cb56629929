import { Logger } from '@aws-lambda-powertools/logger';
import { onTestFinished, vi } from 'vitest';

/**
 * A logger whose lines are kept instead of printed, until the test ends. Loggers that are made meanwhile, by the code
 * under test, write into the same list.
 */
export const captureLog = () => {
  // With this, Powertools writes to the global console instead of one of its own.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  const lines: Record<string, unknown>[] = [];
  const keep = (line: string): void => {
    lines.push(JSON.parse(line));
  };
  const spies = (['debug', 'info', 'warn', 'error'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(keep),
  );
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  });
  return {
    logger: new Logger({ logLevel: 'DEBUG' }),
    lines,
    /** Each line as `INFO function started`. */
    logged: (): string[] => lines.map(({ level, message }) => `${level} ${message}`),
  };
};
