/** Under this name a shop's page notes the chat's visitor in an order. */
const visitorKey = 'brevo_visitor_id';

/** The visitor that the notes on an order name; undefined when none does. */
export const visitorIn = (
  notes: readonly { name?: string | undefined; value?: string | undefined }[],
): string | undefined => notes.find(({ name, value }) => name === visitorKey && value !== undefined)?.value;
