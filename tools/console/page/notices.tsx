import type { Notices as NoticesState } from '../state.ts';
import { act } from './act.ts';
import { NoticeRow } from './notice-row.tsx';

export function Notices({ notices }: { notices: NoticesState }) {
  const { total, waiting, held, list } = notices;
  return (
    <section class="card notices" aria-labelledby="notices-heading">
      <header>
        <h3 id="notices-heading">
          Notices <span class="quiet">what each visitor should be told now</span>
        </h3>
        {waiting > 0 && (
          <button type="button" class="small" onClick={() => void act('deliver')}>
            Deliver now
          </button>
        )}
      </header>
      {held > 0 && (
        <p class="needs-you" role="status">
          {held === 1 ? 'One notice needs' : `${held} notices need`} you to say what becomes of it.
        </p>
      )}
      {list.length === 0 ? (
        <p class="invitation">
          Nothing has been said yet. Press <strong>Paid</strong> on an order at the left, and look at the chat
          at the right.
        </p>
      ) : (
        <ul>
          {list.map((notice) => (
            <NoticeRow key={notice.reference} notice={notice} />
          ))}
        </ul>
      )}
      {total > list.length && <p class="quiet">{total - list.length} older ones are not shown.</p>}
    </section>
  );
}
