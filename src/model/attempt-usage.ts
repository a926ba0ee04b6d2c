/** Tokens and cost, as a CLI reports them. */
export interface Usage {
	/** Tokens read, those from a cache counted. */
	readonly input: number;
	readonly output: number;
	/** US dollars by the CLI's own estimate; not given by a CLI that makes none. */
	readonly costUsd?: number;
}

/**
 * Tokens, and the CLI's own estimate of the cost, of an attempt so far, or with `isAdded` since the last such report. With
 * `message`, what one answer of the model has used so far, which the next report without it contains.
 */
export interface UsageReport extends Usage {
	readonly isAdded?: boolean;
	readonly message?: string;
}

/** The tokens of answers that no report of the whole contains yet. */
export interface Unsettled {
	readonly input: number;
	readonly output: number;
	/** The latest answers, the oldest first: a CLI reports each several times. */
	readonly answers: readonly {readonly id: string; readonly input: number; readonly output: number}[];
}

/** What is known of the usage of an attempt. */
export interface KnownUsage {
	readonly usage: Usage | null;
	/** The part of `usage` that is known from single answers only. */
	readonly unsettled: Unsettled;
}

const mostAnswers = 100;

/** All that is known is settled. */
export const nothingUnsettled: Unsettled = {input: 0, output: 0, answers: []};

/** The usage after a report of it. Cost is always the sum so far; tokens are, unless they are to be added. */
export function usageAfter(
	{usage, unsettled}: KnownUsage,
	{input, output, costUsd, isAdded, message}: UsageReport,
): KnownUsage {
	const cost = costUsd ?? usage?.costUsd;
	const settled = {
		input: (usage?.input ?? 0) - unsettled.input,
		output: (usage?.output ?? 0) - unsettled.output,
	};
	const after =
		message === undefined ? nothingUnsettled : unsettledWith(unsettled, {id: message, input, output});
	const known = message === undefined ? {input, output} : after;
	const before = isAdded || message !== undefined ? settled : {input: 0, output: 0};
	return {
		unsettled: after,
		usage: {
			input: before.input + known.input,
			output: before.output + known.output,
			...(cost === undefined ? {} : {costUsd: cost}),
		},
	};
}

/** An answer counts once, with the most that was reported of it: its first report may be made before it is written. */
function unsettledWith({input, output, answers}: Unsettled, report: Unsettled['answers'][number]): Unsettled {
	const known = answers.find(({id}) => id === report.id) ?? {input: 0, output: 0};
	const answer = {
		id: report.id,
		input: Math.max(known.input, report.input),
		output: Math.max(known.output, report.output),
	};
	return {
		input: input + answer.input - known.input,
		output: output + answer.output - known.output,
		answers: [...answers.filter(({id}) => id !== report.id), answer].slice(-mostAnswers),
	};
}
