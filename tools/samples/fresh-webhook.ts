import * as z from 'zod/mini';
import { freshen } from './freshen.ts';
import { type SignedSource, sign } from './sign.ts';

/** A webhook as API Gateway hands it on, as far as it matters here. */
const sampleSchema = z.object({
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  isBase64Encoded: z._default(z.boolean(), false),
  requestContext: z.object({ timeEpoch: z.number() }),
});

/**
 * A sample of a webhook as its sender would send it now (milliseconds since 1970), signed with the local secret.
 *
 * @param sample the text of the file
 * @throws Error naming the file and what is wrong with it
 */
export function freshWebhook(
  sample: string,
  { file, source, now }: { file: string; source: SignedSource; now: number },
): { headers: Record<string, string>; body: string } {
  const parsed = sampleSchema.safeParse(JSON.parse(sample));
  if (!parsed.success) throw new Error(`${file} is no webhook:\n${z.prettifyError(parsed.error)}`);
  const { headers, body, isBase64Encoded, requestContext } = parsed.data;
  const sent = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString();
  const fresh = freshen(sent, requestContext.timeEpoch, now);
  // Fetch writes these two by itself.
  const { host: _, 'content-length': __, ...sendable } = headers;
  return { headers: { ...sendable, ...sign(source, { body: fresh, now }) }, body: fresh };
}
