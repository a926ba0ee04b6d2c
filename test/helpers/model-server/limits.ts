import type {Reply} from './dialect.ts';

// What the three APIs answer when a limit of use is reached.

/** Anthropic's answer to a subscription whose five hours are used up until `resetsAt`, in seconds since 1970. */
export function claudeLimit(resetsAt: number): Reply {
	const unified = {
		status: 'rejected',
		reset: resetsAt,
		'representative-claim': 'five_hour',
		'5h-status': 'rejected',
		'5h-reset': resetsAt,
		'5h-utilization': '1.0',
		'overage-status': 'rejected',
		'overage-disabled-reason': 'org_level_disabled',
	};
	const headers = Object.entries(unified).map(([name, value]) => [
		`anthropic-ratelimit-unified-${name}`,
		`${value}`,
	]);
	const message = "This request would exceed your account's rate limit. Please try again later.";
	return {status: 429, headers: Object.fromEntries(headers), message};
}

/** OpenAI's answer to a subscription that is used up until `resetsAt`, in seconds since 1970. */
export function codexLimit(resetsAt: number): Reply {
	const message = 'The usage limit has been reached';
	const headers = {
		'x-codex-primary-used-percent': '100',
		'x-codex-primary-window-minutes': '300',
		'x-codex-primary-reset-at': `${resetsAt}`,
	};
	const error = {type: 'usage_limit_reached', message, plan_type: 'plus', resets_at: resetsAt};
	return {status: 429, headers, body: {error}};
}

/** Gemini's answer when one may ask again in `seconds`. */
export function geminiLimit(message: string, seconds = 67_392): Reply {
	return geminiError(message, [
		{'@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'QUOTA_EXHAUSTED', metadata: {}},
		{'@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s`},
	]);
}

/** Gemini's answer when the day's requests of a key are used up. */
export function geminiDailyLimit(): Reply {
	const violation = {
		quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
		quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier',
		quotaValue: '50',
	};
	return geminiError('You exceeded your current quota, please check your plan and billing details.', [
		{'@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [violation]},
		{'@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '41s'},
	]);
}

function geminiError(message: string, details: readonly object[]): Reply {
	return {status: 429, body: {error: {code: 429, message, status: 'RESOURCE_EXHAUSTED', details}}};
}
