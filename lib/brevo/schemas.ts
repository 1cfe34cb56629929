import * as z from 'zod/mini';

/** Agent messages that name this as their origin (`receivedFrom`) are the bridge's own, and are ignored when they come back. */
export const ownOrigin = 'conversations-bridge';

const required = z.string().check(z.minLength(1));
const id = required;

/**
 * An agent is named by agentId, or by agentEmail, agentName and receivedFrom together; receivedFrom may also stand
 * beside agentId (https://developers.brevo.com/reference/post_conversations-messages).
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
  // Also when another field is at fault: one error names them all.
  { when: ({ value }) => typeof value === 'object' && value !== null },
);

/** Body of POST /conversations/agentOnlinePing. */
export const agentPing = z.strictObject(agent).check(namesAnAgent);
export type AgentPing = z.input<typeof agentPing>;

/** Body of POST /conversations/messages. */
export const newAgentMessage = z
  .strictObject({ visitorId: id, text: required, ...agent })
  .check(namesAnAgent);

/** Body of POST /conversations/pushedMessages: without agentId and groupId, Brevo picks a random agent. */
export const newPushedMessage = z.strictObject({
  visitorId: id,
  text: required,
  agentId: z.optional(id),
  groupId: z.optional(id),
});

/** Body of PUT on a message. */
export const messageText = z.strictObject({ text: required });

/**
 * A dot segment would vanish from the URL's path, and the request would go to another operation; half a surrogate
 * pair cannot be written into a URL.
 */
export const messageId = id.check(
  z.refine((value) => !/^\.{1,2}$/.test(value) && value.isWellFormed(), { error: 'no message has this id' }),
);

// A value of another type than documented is left out: it must not make a message that was sent look like one that was not.
const optionalString = z.catch(z.optional(z.nullable(z.string())), undefined);
const optionalNumber = z.catch(z.optional(z.nullable(z.number())), undefined);
const optionalBoolean = z.catch(z.optional(z.nullable(z.boolean())), undefined);

/**
 * A message as Brevo gives it. All is optional in Brevo's definition but the id, without which there is nothing to
 * hold on to; fields not named here are kept.
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

// What is said goes into logs and into the notice, which must not burst of it.
const said = z.catch(z.optional(z.string().check(z.overwrite((text) => text.slice(0, 500)))), undefined);

/** An error's body; Brevo leaves the code out of some. */
export const errorBody = z.object({ code: said, message: said });
