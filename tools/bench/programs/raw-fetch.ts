/** The other floor: one request to Brevo, by what Node brings along. */
export const handler = async (message: { visitorId: string; text: string }): Promise<unknown> => {
  const response = await fetch(`${process.env.BREVO_BASE_URL}/conversations/pushedMessages`, {
    method: 'POST',
    headers: { 'api-key': process.env.BREVO_API_KEY ?? '', 'content-type': 'application/json' },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(12_000),
  });
  return response.json();
};
