import * as v from 'valibot';
import type {Used} from '../model/usage.ts';
import {numberOrNull} from './common.ts';

/** Tokens that spawns have used; null where no CLI has reported any. */
export const tokensSchema = v.strictObject({input: v.number(), output: v.number()});

/** Tokens and cost of one spawn or of several. */
export const usedSchema = v.strictObject({tokens: v.nullable(tokensSchema), costUsd: numberOrNull});

type UsedDocument = v.InferOutput<typeof usedSchema>;

/** Tokens and cost as a part of documents. */
export function usedDocument({tokensIn, tokensOut, costUsd}: Used): UsedDocument {
	return {tokens: tokensIn === null ? null : {input: tokensIn, output: tokensOut ?? 0}, costUsd};
}
