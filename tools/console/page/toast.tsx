import { notice } from './act.ts';

/** The region stands there from the start: a screen reader reads only what comes into one that it knows. */
export function Toast() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {notice.value && <p class={notice.value.isError ? 'toast is-error' : 'toast'}>{notice.value.text}</p>}
    </div>
  );
}
