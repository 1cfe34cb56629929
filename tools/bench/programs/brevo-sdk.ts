/** Brevo's official SDK alone: one call, as its README shows it. */
import { BrevoClient } from '@getbrevo/brevo';

export const handler = async (message: { visitorId: string; text: string }): Promise<unknown> => {
  const { BREVO_API_KEY: apiKey = '', BREVO_BASE_URL: baseUrl = '' } = process.env;
  return new BrevoClient({ apiKey, baseUrl }).conversations.sendAnAutomatedMessageToAVisitor(message);
};
