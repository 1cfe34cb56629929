/** Agent messages that name this as their origin (`receivedFrom`) are the bridge's own, and not to be told of when they come back. */
export const ownOrigin = 'conversations-bridge';
