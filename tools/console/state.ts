/** What the page shows, in parts that are sent when they change. Times are milliseconds since 1970. */
import type { NoticeView } from '../../lib/http/contract/fields.ts';

/** What does not change while everything runs. */
export interface Run {
  services: Service[];
  /** Address of the real Brevo, if the run uses it. */
  realBrevo?: string;
  /** The sources of webhooks by name. */
  sources: string[];
  samples: Sample[];
  /** All statuses of an order, by rank. */
  statuses: readonly string[];
}

export interface Service {
  what: string;
  url: string;
  note: string;
}

/** A file under `events/` that can be sent. */
export interface Sample {
  file: string;
  kind: 'event' | 'webhook';
  title: string;
}

export interface Configuration {
  locales: string[];
  reload?: Reload;
  isPaced: boolean;
}

/** The outcome of the last change to a file that the functions are built from. */
export interface Reload {
  /** Such as `bridge.config.ts`. */
  file: string;
  at: number;
  /** Why the previous version keeps running. */
  error?: string;
}

/** A customer of the shop, with the present order. */
export interface Order {
  customer: string;
  visitorId: string;
  orderId: string;
  /** The one that the next events name, and the customer's own. */
  locale: string;
  ownLocale: string;
  /** `2 × Ceramic mug` and the price, as the shop shows them. */
  summary: string;
  /** The latest status. */
  status?: string;
  state?: NoticeView['state'];
}

export interface Bus {
  total: number;
  recent: SeenEvent[];
}

interface SeenEvent {
  id: string;
  at: number;
  type: string;
  source: string;
  /** What it is about, such as `order 2041 paid`. */
  about: string;
  isTaken: boolean;
}

export interface Queue {
  waiting: number;
  working: number;
  unreadable: number;
  reasons: string[];
}

export interface Notices {
  total: number;
  waiting: number;
  held: number;
  list: NoticeLine[];
}

export type NoticeLine = Omit<NoticeView, 'dueAt'> & { dueAt?: number; policy?: string };

export interface Budget {
  limit: number;
  windowSeconds: number;
  /** Requests that Brevo may still count, by who spent them. */
  spent: { presence: number; http: number; messages: number };
  /** Requests that could be sent now. */
  free: number;
  /** Of the free ones: kept for the pings to come, and for the HTTP API. */
  kept: { presence: number; http: number };
  /** When a message may be sent next, if not now. */
  nextMessageAt?: number;
  /** When the oldest of the requests spent counts no longer. */
  nextFreeAt?: number;
  closedUntil?: number;
  paused?: { reason: 'unauthorised' | 'unavailable' | 'refused'; probeAt: number };
}

/** An agent who is kept online. */
export interface Agent {
  name: string;
  isOnShift: boolean;
  /** Such as `Mon–Fri 09:00–18:00, Europe/Paris`. */
  shifts: string[];
  lastPing?: number;
}

export interface Chat {
  messages: ChatMessage[];
  /** The agents that Brevo shows. */
  agents: { name: string; isOnline: boolean }[];
}

export interface ChatMessage {
  id: string;
  visitorId: string;
  isFromVisitor: boolean;
  text: string;
  at: number;
  editedAt?: number;
  deletedAt?: number;
}

/** The faults that can be injected into the simulated Brevo. */
export type FaultName = 'down' | 'slow' | 'lost' | 'busy' | 'refused' | 'revoked';

export interface Brevo {
  fault?: FaultName;
}

export interface State {
  run: Run;
  configuration: Configuration;
  orders: Order[];
  bus: Bus;
  queue: Queue;
  notices: Notices;
  budget: Budget;
  presence: Agent[];
  /** Of the simulation only. */
  chat?: Chat;
  brevo?: Brevo;
}

/** A fault in what was sent, and where: `data.orderId`. */
export interface FieldFault {
  field: string;
  message: string;
}

/** What a payload would become. */
export interface Explained {
  /** What the payload was read as: `webhook of shopify`. */
  readAs: string;
  /** Why nothing follows from it, if nothing does. */
  nothing?: string;
  events: {
    type: string;
    data: unknown;
    notices: ExplainedNotice[];
  }[];
}

export interface ExplainedNotice {
  reference: string;
  /** What is desired, and for whom. */
  effect: string;
  /** The text by locale; null where no message is sent. */
  texts: { locale: string; text: string | null }[];
}

/** The answer to an action. */
export type Answer = { done: string; explained?: Explained[] } | { error: string; faults?: FieldFault[] };
