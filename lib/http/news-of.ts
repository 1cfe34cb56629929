import type { NoticesService } from '../composition/http-services.ts';

/** The moment of a wish that is made now, and how long it may be posted. Milliseconds since 1970. */
export const newsOf = ({ now, wishes }: Pick<NoticesService, 'now' | 'wishes'>) => {
  const moment = now();
  return { now: moment, postBy: moment + wishes.config.freshnessHours * 3_600_000 };
};
