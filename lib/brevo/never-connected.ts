// Node names the system call that failed. The code alone does not say: EHOSTUNREACH, for one, also ends connections
// over which a request has gone out.
const connecting = new Set(['getaddrinfo', 'connect']);

// Certificates are checked, and the protocol is agreed on, before the first byte of a request leaves. Other errors of
// OpenSSL may come later.
const handshake =
  /^(UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|.*ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION|UNRECOGNIZED_NAME)))$/;

const textOf = (error: Error, field: 'code' | 'syscall'): string => {
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : '';
};

/** Whether a failed fetch certainly never sent its request. Looks through the chain of causes, and through attempts on several addresses. */
export const neverConnected = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(neverConnected);
  if (connecting.has(textOf(error, 'syscall')) || handshake.test(textOf(error, 'code'))) return true;
  if (error.message.includes('before secure TLS connection')) return true;
  return neverConnected(error.cause);
};
