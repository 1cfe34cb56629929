/** Performs actions on the server, and shows their results. */
import { signal } from '@preact/signals';
import type { Answer } from '../state.ts';

/** The result of the last action, shown in a corner for some seconds. */
const notice = signal<{ text: string; isError: boolean } | undefined>(undefined);

const shownMs = 4_000;
let hiding: number | undefined;

/** Performs an action on the server. */
export const ask = async (action: string, body: object = {}): Promise<Answer> => {
  try {
    const response = await fetch(`/actions/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: Answer = await response.json();
    return answer;
  } catch {
    return { error: 'The local run does not answer.' };
  }
};

/** Performs an action and shows its result. */
export const act = async (action: string, body: object = {}): Promise<void> => {
  say(await ask(action, body));
};

/** Shows the result of an action. */
export const say = (answer: Answer): void => {
  const isError = 'error' in answer;
  notice.value = { text: isError ? answer.error : answer.done, isError };
  window.clearTimeout(hiding);
  hiding = window.setTimeout(() => {
    notice.value = undefined;
  }, shownMs);
};

/** The region stands there from the start: a screen reader reads only what comes into one that it knows. */
export const Toast = () => (
  <div class="toasts" role="status" aria-live="polite">
    {notice.value && <p class={notice.value.isError ? 'toast is-error' : 'toast'}>{notice.value.text}</p>}
  </div>
);
