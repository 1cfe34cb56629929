import { en } from 'zod/locales';
import * as z from 'zod/mini';

// zod/mini ships without wording; with it, a fault reads as a sentence rather than as "Invalid input".
z.config(en());
