/**
 * Settings for every AWS client. AWS answers these calls within milliseconds. The SDK repeats failed calls, which is
 * safe because the bridge's writes are conditional or idempotent.
 */
export const awsClientSettings = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1000,
    // Until the answer starts. Without throwOnRequestTimeout, the SDK only logs a warning.
    requestTimeout: 3000,
    throwOnRequestTimeout: true,
    // If an answer stalls half-way.
    socketTimeout: 3000,
  },
} as const;
