/** Prints how many messages an hour are left, for README.md: `npm run capacity`. */
import { capacityTable } from './capacity-table.ts';

console.log(capacityTable());
