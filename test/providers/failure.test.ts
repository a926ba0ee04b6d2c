import {expect, test} from 'vitest';
import {canPass, isAuthenticationFailure, resetTimeIn} from '../../src/providers/failure.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;

test.each([
	['API Error: 500 overloaded', true],
	['unexpected status 529 <unknown status code>: busy', true],
	['last status: 429 Too Many Requests', true],
	['[API Error: exception TypeError: fetch failed sending request]', true],
	['something that nobody has named', true],
	['unexpected status 401 Unauthorized: invalid key', false],
	['[API Error: {"error":{"code":403,"status":"PERMISSION_DENIED"}}]', false],
	['Not logged in · Please run /login', false],
	['API key not valid. Please pass a valid API key.', false],
	["There's an issue with the selected model (x). It may not exist or you may not have access to it.", false],
])('%s: may pass is %s', (text, expected) => {
	expect(canPass(text)).toBe(expected);
});

test.each([
	['Claude AI usage limit reached|1795385131', 1_795_385_131_000],
	['You exhausted your capacity. Your quota will reset after 18h43m10s.', noon + 1123 * minute + 10_000],
	['try again in 3 days 4 hours 12 minutes.', noon + (3 * 24 * 60 + 4 * 60 + 12) * minute],
	['try again in 1 day and 2 hours', noon + 26 * 60 * minute],
	["You've hit your 5-hour limit · resets 10:05pm (UTC)", noon + (10 * 60 + 6) * minute],
	["You've hit your limit · resets 11am (UTC)", noon + (23 * 60 + 1) * minute],
	['resets 11pm (Australia/Sydney)', noon + minute],
	['resets 11:55am (UTC)', noon + minute],
	['resets Nov 26 at 3pm (UTC)', noon + (4 * 24 * 60 + 3 * 60 + 1) * minute],
	['please retry. Retrying after 34659ms...', noon + 34_659],
	['reset after 30 sheep', null],
	['or try again at Nov 25th, 2026 10:14 AM.', new Date(2026, 10, 25, 10, 15).getTime()],
	['Please wait and try again later.', null],
	['resets 10pm (Nowhere/Land)', resetTimeIn('resets 10pm', noon)],
])('the reset time in: %s', (text, expected) => {
	expect(resetTimeIn(text, noon)).toBe(expected);
});

test.each([
	['Invalid API key · Fix external API key (exit 1)', true],
	['Not logged in · Please run /login (exit 1)', true],
	['unexpected status 401 Unauthorized: Incorrect API key provided (exit 1)', true],
	['API key not valid. Please pass a valid API key. (exit 145)', true],
	['OAuth token has expired (exit 1)', true],
	['IneligibleTierError: this account cannot use it (exit 41)', true],
	['When using Gemini API, you must specify the GEMINI_API_KEY environment variable. (exit 41)', true],
	['API Error: 500 overloaded (exit 1)', false],
	["There's an issue with the selected model (x). It may not exist or you may not have access to it.", false],
	['ended by SIGKILL', false],
	['exit 41', false],
	['last status: 429 Too Many Requests', false],
])('%s: a failure of the login is %s', (text, expected) => {
	expect(isAuthenticationFailure(text)).toBe(expected);
});
