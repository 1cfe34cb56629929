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
