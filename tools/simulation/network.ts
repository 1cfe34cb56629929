import type { AwsRequest, AwsResponse } from './aws-settings.ts';
import type { Gate } from './gate.ts';
import { between, type Random } from './random.ts';
import type { Witness } from './witness.ts';

/** What lies between the functions and everything else. */
export interface Network {
  fetch: typeof fetch;
  dynamoDb: (request: AwsRequest) => Promise<AwsResponse>;
  aws: (request: AwsRequest) => Promise<AwsResponse>;
}

export interface NetworkOptions {
  gate: Gate;
  random: Random;
  witness: Witness;
  /** The services behind the gate. Brevo's `fetch` passes it by itself. */
  services: Network;
}

/** Leads every call through the gate. */
export const createNetwork = ({ gate, random, witness, services }: NetworkOptions): Network => ({
  fetch: services.fetch,
  dynamoDb: (request) => {
    const worker = gate.worker();
    return gate.pass(async () => {
      const response = await services.dynamoDb(request);
      witness.onWrite(worker, request, response);
      // Indexes lag behind: what they say is old when it arrives.
      const isOld = request.headers['x-amz-target']?.endsWith('.Query') === true;
      return { afterMs: isOld ? between(random, 0, 1_000) : 0, read: () => response };
    });
  },
  aws: (request) =>
    gate.pass(async () => {
      const response = await services.aws(request);
      return { afterMs: 0, read: () => response };
    }),
});
