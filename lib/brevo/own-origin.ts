/** Agent messages that name this as their origin (`receivedFrom`) are the bridge's own, and are ignored when they come back. */
export const ownOrigin = 'conversations-bridge';
