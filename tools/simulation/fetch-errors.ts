/** The errors that Node's fetch rejects with. */

const fetchFailed = (cause: Error): TypeError => new TypeError('fetch failed', { cause });

/** Nothing listens there: the request never left. */
export const connectionRefused = (): TypeError =>
  fetchFailed(
    Object.assign(new Error('connect ECONNREFUSED'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
      errno: -111,
    }),
  );

/** The other side hung up before it answered. */
export const connectionLost = (): TypeError =>
  fetchFailed(Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }));

/** As `AbortSignal.timeout` aborts. */
export const timedOut = (): DOMException =>
  new DOMException('The operation was aborted due to timeout', 'TimeoutError');
