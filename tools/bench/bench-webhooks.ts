/** `npm run bench:webhooks`: how long `receive-webhook` takes for a body of twenty kilobytes. */
import { timeWebhooks } from './webhooks.ts';

const ms = (value: number): string => value.toFixed(3);

console.log('| source | median, ms | p99, ms |\n| --- | ---: | ---: |');
for (const { source, median, p99 } of await timeWebhooks(5_000))
  console.log(`| ${source} | ${ms(median)} | ${ms(p99)} |`);
