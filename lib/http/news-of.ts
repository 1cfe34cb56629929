import type { NoticesService } from '../composition/http-services.ts';

/** The moment of a desired state that is made now, and how long it may be posted. Milliseconds since 1970. */
export const newsOf = ({ now, mapping }: Pick<NoticesService, 'now' | 'mapping'>) => {
  const moment = now();
  return { now: moment, postBy: moment + mapping.config.freshnessHours * 3_600_000 };
};
