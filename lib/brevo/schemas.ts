import * as z from 'zod/mini';

/**
 * The origin (`receivedFrom`) of agent messages that the bridge sends. It identifies them when a webhook reports
 * them.
 */
export const ownOrigin = 'conversations-bridge';

const required = z.string().check(z.minLength(1));
const id = required;

/**
 * An agent is identified by agentId, or by agentEmail, agentName and receivedFrom together. receivedFrom is also
 * allowed beside agentId (https://developers.brevo.com/reference/post_conversations-messages).
 */
const agent = {
  agentId: z.optional(id),
  agentEmail: z.optional(z.email()),
  agentName: z.optional(required),
  receivedFrom: z.optional(required),
};

type Agent = { [Field in keyof typeof agent]?: string | undefined };

const namesAnAgent = z.superRefine<Agent>(
  (identity, context) => {
    const rule = 'give agentId, or all of agentEmail, agentName and receivedFrom';
    const fault = (field: keyof Agent) => context.addIssue({ code: 'custom', path: [field], message: rule });
    if (identity.agentId === undefined) {
      for (const field of ['agentEmail', 'agentName', 'receivedFrom'] as const) {
        if (identity[field] === undefined) fault(field);
      }
    } else {
      for (const field of ['agentEmail', 'agentName'] as const)
        if (identity[field] !== undefined) fault(field);
    }
  },
  // Runs even if another field is invalid, so that one error names every invalid field.
  { when: ({ value }) => typeof value === 'object' && value !== null },
);

/** Body of POST /conversations/agentOnlinePing. */
export const agentPing = z.strictObject(agent).check(namesAnAgent);
export type AgentPing = z.input<typeof agentPing>;

/** Body of POST /conversations/messages. */
export const newAgentMessage = z
  .strictObject({ visitorId: id, text: required, ...agent })
  .check(namesAnAgent);

/** Body of POST /conversations/pushedMessages. Without agentId and groupId, Brevo picks a random agent. */
export const newPushedMessage = z.strictObject({
  visitorId: id,
  text: required,
  agentId: z.optional(id),
  groupId: z.optional(id),
});

/** Body of PUT on a message. */
export const messageText = z.strictObject({ text: required });

/**
 * A dot segment would vanish from the URL's path, so that the request would call another operation. Half a surrogate
 * pair cannot be written in a URL.
 */
export const messageId = id.check(
  z.refine((value) => !/^\.{1,2}$/.test(value) && value.isWellFormed(), { error: 'is not a message id' }),
);

// A value of an undocumented type is dropped. Otherwise, a message that was sent would look as if it had not been
// sent.
const optionalString = z.catch(z.optional(z.nullable(z.string())), undefined);
const optionalNumber = z.catch(z.optional(z.nullable(z.number())), undefined);
const optionalBoolean = z.catch(z.optional(z.nullable(z.boolean())), undefined);

/**
 * A message as Brevo returns it. In Brevo's definition every field but the id is optional. Unlisted fields are kept.
 */
export const message = z.looseObject({
  id,
  type: optionalString,
  text: optionalString,
  html: optionalString,
  visitorId: optionalString,
  agentId: optionalString,
  agentName: optionalString,
  receivedFrom: optionalString,
  /** Milliseconds since 1970. */
  createdAt: optionalNumber,
  isPushed: optionalBoolean,
  isTrigger: optionalBoolean,
  isMissed: optionalBoolean,
  isMissedByVisitor: optionalBoolean,
});

/**
 * The message with this id, as Brevo returns it after an edit. A 2xx status alone means that the edit took effect:
 * Brevo's definition makes the id optional here, so a missing id or an unreadable body is not an error.
 */
export const editedMessage = (id: string) =>
  z.catch(z.extend(message, { id: z.catch(required, id) }), { id });

// Truncated, because it goes into logs and into the stored notice.
const said = z.catch(z.optional(z.string().check(z.overwrite((text) => text.slice(0, 500)))), undefined);

/** Body of an error. Brevo omits the code from some. */
export const errorBody = z.object({ code: said, message: said });
