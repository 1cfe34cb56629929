import type { BrevoClient } from '../brevo/client.ts';
import {
  BrevoError,
  NotFound,
  NotSent,
  OutcomeUnknown,
  RateLimited,
  RequestRefused,
  ServerError,
  Unauthorised,
} from '../brevo/errors.ts';
import { InvalidInput } from '../parse.ts';
import type { Outcome } from './deliver.ts';
import type { Step } from './notice.ts';

/** Carries a step out with one request, and says what came of it; what the network or Brevo does is never thrown. */
export const callBrevo = async ({ pushedMessages }: BrevoClient, step: Step): Promise<Outcome> => {
  try {
    switch (step.kind) {
      case 'post': {
        const { kind: _, replaces: __, ...message } = step;
        const { body } = await pushedMessages.post(message);
        return { kind: 'posted', messageId: body.id };
      }
      case 'edit':
        await pushedMessages.update(step.messageId, step.text);
        return { kind: 'edited' };
      case 'delete':
        await pushedMessages.delete(step.messageId);
        return { kind: 'deleted' };
    }
  } catch (error) {
    return outcomeOf(error, step);
  }
};

/** Assumed of a 503: it comes from in front of Brevo's application, which never saw the request. */
const definiteStatus = 503;

/** The one place that judges whether a failed call had an effect, and whether another try is of use. */
const outcomeOf = (error: unknown, step: Step): Outcome => {
  if (!(error instanceof Error)) throw error;
  const reason = error.message;
  if (error instanceof NotFound) {
    if (step.kind === 'post') return { kind: 'refused', reason };
    return { kind: step.kind === 'edit' ? 'missing' : 'deleted' };
  }
  if (error instanceof RequestRefused || error instanceof InvalidInput) return { kind: 'refused', reason };
  if (error instanceof ServerError)
    return { kind: error.status === definiteStatus ? 'not-applied' : 'unknown', reason };
  if (error instanceof OutcomeUnknown) return { kind: 'unknown', reason };
  if (error instanceof NotSent || error instanceof RateLimited || error instanceof Unauthorised) {
    return { kind: 'not-applied', reason };
  }
  // Whatever else goes wrong does so before the request leaves: there is no key to be had, for one.
  if (!(error instanceof BrevoError)) return { kind: 'not-applied', reason };
  throw error;
};
