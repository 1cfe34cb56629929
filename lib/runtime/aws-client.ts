/**
 * Settings for every AWS client. All that is called answers in milliseconds, and the SDK repeats what may be
 * repeated: its writes here are conditional or harmless when done twice.
 */
export const awsClientSettings = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1000,
    // Until the answer begins; without throwOnRequestTimeout it would only be warned of.
    requestTimeout: 3000,
    throwOnRequestTimeout: true,
    // An answer that stalls half-way.
    socketTimeout: 3000,
  },
} as const;
