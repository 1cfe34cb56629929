import { between, type Random } from '../../tools/simulation/random.ts';

interface Shown {
  id: string;
  visitorId: string;
  text: string;
  isDeleted: boolean;
}

interface MemoryChatOptions {
  now: () => number;
  random: Random;
  /** From 0 to 1, where low numbers bring bad luck. */
  chance: () => number;
}

const failure = (code: string, syscall: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code, syscall }) });

/** Brevo's chats in memory: answers may be lost, and requests may take effect late or not at all. */
export const createMemoryChat = ({ now, random, chance }: MemoryChatOptions) => {
  const messages: Shown[] = [];
  /** The text of each post that took effect or may have. */
  const posts: string[] = [];
  /** Texts whose post got no clear answer. */
  const ambiguous = new Set<string>();
  let late: { at: number; act: () => void }[] = [];
  const visible = () => messages.filter(({ isDeleted }) => !isDeleted);

  const perform = (method: string, id: string, { visitorId = '', text = '' }): Response => {
    if (method === 'POST') {
      const posted = { id: `m${messages.length + 1}`, visitorId, text, isDeleted: false };
      messages.push(posted);
      return Response.json({ id: posted.id, text, isPushed: true }, { status: 201 });
    }
    const message = visible().find((each) => each.id === id);
    if (message === undefined) return Response.json({}, { status: 404 });
    if (method === 'PUT') message.text = text;
    else message.isDeleted = true;
    return method === 'PUT' ? Response.json({ id, text }) : new Response(null, { status: 204 });
  };

  return {
    posts,
    ambiguous,
    visible,
    /** Texts that an operator had sent again. */
    resent: new Set<string>(),

    /** Takes a request, and returns what becomes of it once the answer is awaited. */
    send: (url: string, { method = '', body }: RequestInit): (() => Response) => {
      const fate = chance();
      const fails = (error: Error) => () => {
        throw error;
      };
      if (fate < 0.04) return () => Response.json({}, { status: 429 });
      if (fate < 0.08) return fails(failure('ECONNREFUSED', 'connect'));
      const id = url.split('/pushedMessages/')[1] ?? '';
      const content = typeof body === 'string' ? JSON.parse(body) : {};
      if (method === 'POST') posts.push(content.text);
      if (method === 'POST' && fate < 0.25) ambiguous.add(content.text);
      if (fate < 0.11) return fails(failure('ECONNRESET', 'read'));
      if (fate < 0.14) return () => Response.json({}, { status: 500 });
      if (fate < 0.18) {
        late.push({ at: now() + between(random, 0, 50_000), act: () => void perform(method, id, content) });
        return fails(failure('ETIMEDOUT', 'read'));
      }
      const answer = perform(method, id, content);
      if (fate < 0.22) return fails(failure('ECONNRESET', 'read'));
      if (fate < 0.25) return () => new Response('<html>', { status: 200 });
      return () => answer;
    },

    /** Lets the late requests take effect whose time has come. */
    passTime: (): void => {
      const due = late.filter(({ at }) => at <= now()).toSorted((a, b) => a.at - b.at);
      late = late.filter(({ at }) => at > now());
      for (const { act } of due) act();
    },
  };
};
