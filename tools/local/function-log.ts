/** What the functions log, made readable: JSON lines for CloudWatch become one short line each. */
import * as z from 'zod/mini';
import { messages } from '../../lib/runtime/log.ts';
import { stackName } from '../aws/account.ts';

/** Said of every invocation, or the same in every line. */
const constantFields = [
  'cold_start',
  'function_arn',
  'function_memory_size',
  'function_request_id',
  'sampling_rate',
  'service',
  'timestamp',
  'xray_trace_id',
];
const routine: string[] = [messages.started, messages.finished];

const lineSchema = z.looseObject({ level: z.string(), message: z.string(), function_name: z.string() });

/** @returns the line to show, unchanged if it is no structured log line, or undefined if it need not be shown */
export const shortenLogLine = (line: string, value: unknown = parseJson(line)): string | undefined => {
  if (isMetrics(value)) return undefined;
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) return line;
  const { level, message, function_name: name, ...fields } = parsed.data;
  if (level === 'INFO' && routine.includes(message)) return undefined;
  const facts = Object.entries(fields)
    .filter(([field]) => !constantFields.includes(field))
    .map(([field, value]) => `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [
    `${name.replace(`${stackName}-`, '')}:`,
    ...(level === 'INFO' ? [] : [level]),
    message,
    ...facts,
  ].join(' ');
};

/** CloudWatch's embedded metric format: numbers for a machine. */
const isMetrics = (value: unknown): boolean => typeof value === 'object' && value !== null && '_aws' in value;

/** The value of a line that is JSON. */
export const parseJson = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
