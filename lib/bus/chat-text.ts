import * as z from 'zod/mini';
import { wellFormed } from './fields.ts';

/** Far more than anyone reads in a chat, and few enough that a notice fits into the database several times over. */
const longest = 10_000;

/** A text to be shown in the chat, whoever sends it. */
export const chatText = z.string().check(z.trim(), z.minLength(1), z.maxLength(longest), wellFormed);
