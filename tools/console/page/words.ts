/** Values in words, and the words of the widget. */

/** `out_for_delivery` → `Out for delivery` */
export const inWords = (status: string): string => {
  const words = status.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** `0:42`, `1:03:20`; nothing is left below zero. */
export const countdown = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60)];
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
};

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

export const clock = (at: number): string =>
  new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** `an hour`, `a minute`, `90 seconds` */
export const spanOf = (seconds: number): string => {
  if (seconds === 3600) return 'an hour';
  return seconds === 60 ? 'a minute' : `${seconds} seconds`;
};

/** Long ids are known by how they begin. */
export const shortId = (id: string): string => (id.length > 12 ? `${id.slice(0, 8)}…` : id);

/** What the widget itself says, beside the messages. */
export type WidgetWords = Record<
  'online' | 'offline' | 'greeting' | 'write' | 'send' | 'edited' | 'removed',
  string
>;

const en: WidgetWords = {
  online: 'Online',
  offline: 'Away at the moment',
  greeting: 'News of your order will appear here.',
  write: 'Write a message',
  send: 'Send',
  edited: 'edited',
  removed: 'A message was deleted',
};

const languages: Record<string, WidgetWords> = {
  en,
  fr: {
    online: 'En ligne',
    offline: 'Absent pour le moment',
    greeting: 'Les nouvelles de votre commande apparaîtront ici.',
    write: 'Écrire un message',
    send: 'Envoyer',
    edited: 'modifié',
    removed: 'Un message a été supprimé',
  },
  de: {
    online: 'Online',
    offline: 'Zurzeit nicht da',
    greeting: 'Neues zu Ihrer Bestellung erscheint hier.',
    write: 'Nachricht schreiben',
    send: 'Senden',
    edited: 'bearbeitet',
    removed: 'Eine Nachricht wurde gelöscht',
  },
  es: {
    online: 'En línea',
    offline: 'Ausente por ahora',
    greeting: 'Las novedades de su pedido aparecerán aquí.',
    write: 'Escribir un mensaje',
    send: 'Enviar',
    edited: 'editado',
    removed: 'Se ha eliminado un mensaje',
  },
};

/** In the language of a locale such as `fr-CA`, else in English. */
export const widgetWords = (locale: string): WidgetWords => languages[locale.split('-')[0] ?? ''] ?? en;
