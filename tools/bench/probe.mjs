/** Loads a bundle in a fresh process, as Lambda does at a cold start, and prints how many milliseconds that took. */
import { createRequire } from 'node:module';

const [file] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const start = performance.now();
if (file.endsWith('.cjs')) require(file);
else await import(file);
process.stdout.write(String(performance.now() - start));
