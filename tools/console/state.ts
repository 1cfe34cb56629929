/** What the page shows, in parts that are sent when they change. Times are milliseconds since 1970. */
import type { NoticeView } from '../../lib/http/contract/fields.ts';

/** What does not change while everything runs. */
export interface Run {
  services: Service[];
  /** Address of the real Brevo, if it is talked to. */
  realBrevo?: string;
  samples: Sample[];
  /** Those of an order, in their order. */
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

/** What became of the last change to a file that the functions are built from. */
export interface Reload {
  /** Such as `bridge.config.ts`. */
  file: string;
  at: number;
  /** Why the former version goes on running. */
  error?: string;
}

/** A customer of the shop, and the order that is played with. */
export interface Order {
  customer: string;
  visitorId: string;
  orderId: string;
  /** The one that the next events name, and the customer's own. */
  locale: string;
  ownLocale: string;
  /** `2 × Ceramic mug` and the price, as the shop shows them. */
  summary: string;
  /** The status last told of. */
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
  paused?: { reason: string; probeAt: number };
}

export type Presence = { name: string; isOnShift: boolean; shifts: string[]; lastPing?: number }[];

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

/** What the simulated Brevo is made to do wrong. */
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
  presence: Presence;
  /** Of the simulation only. */
  chat?: Chat;
  brevo?: Brevo;
}

/** A fault in what was sent, and where: `data.orderId`. */
export interface FieldFault {
  field: string;
  message: string;
}

/** The answer to an action. */
export type Answer = { done: string } | { error: string; faults?: FieldFault[] };
