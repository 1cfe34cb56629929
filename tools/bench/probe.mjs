/** Loads a bundle in a fresh process, as Lambda does at a cold start, and tells how long that took, in milliseconds. */
import { createRequire } from 'node:module';

const [file] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const start = performance.now();
if (file.endsWith('.cjs')) require(file);
else await import(file);
const loadMs = performance.now() - start;
process.stdout.write(JSON.stringify({ loadMs, residentBytes: process.memoryUsage.rss() }));
