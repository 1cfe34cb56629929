import type { ChatMessage } from '../state.ts';
import type { WidgetWords } from './widget-words.ts';

type Props = { message: ChatMessage; words: WidgetWords; locale: string };

export function Message({ message, words, locale }: Props) {
  const { isFromVisitor, text, at, editedAt, deletedAt } = message;
  const time = (moment: number) =>
    new Date(moment).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
  if (deletedAt !== undefined) return <p class="removed">{words.removed}</p>;
  return (
    <div class={isFromVisitor ? 'message is-visitor' : 'message'}>
      {/* A changed text is another paragraph, so that it comes in anew. */}
      <p key={editedAt}>{linked(text)}</p>
      <span class="when">
        {time(at)}
        {editedAt !== undefined && ` · ${words.edited}`}
      </span>
    </div>
  );
}

/** The widget makes links of web addresses. */
function linked(text: string) {
  return text.split(/(https?:\/\/\S+)/).map((part) =>
    /^https?:/.test(part) ? (
      <a key={part} href={part} rel="noreferrer noopener" target="_blank">
        {part.replace(/^https?:\/\//, '')}
      </a>
    ) : (
      part
    ),
  );
}
