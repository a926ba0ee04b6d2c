import type {Agent} from './agent.ts';
import {lineOf, longestRole, longestTopic} from './line.ts';
import type {Message} from './message.ts';

/** All that a prompt is made of. */
export interface PromptParts {
	readonly agent: Agent;
	readonly constitution: string;
	readonly channel: {readonly name: string; readonly topic: string | null};
	/** The other agents that can be mentioned. */
	readonly party: readonly Agent[];
	/** The latest messages of the channel before and around the triggers, oldest first. */
	readonly recent: readonly Message[];
	/** The messages that mention the agent and that this spawn answers, oldest first. */
	readonly triggers: readonly Message[];
}

/** Characters of earlier messages that a prompt repeats; the messages to answer are always whole. */
const mostContext = 24_000;

/** The whole prompt of a spawn. */
export function promptOf({agent, constitution, channel, party, recent, triggers}: PromptParts): string {
	const answered = new Set(triggers.map(message => message.id));
	const context = withinLimit(recent.filter(message => !answered.has(message.id)));
	return [
		constitution.trim(),
		`You are @${agent.identity}, one of several agents that work together in the channel #${channel.name}. Lines that begin with ">" were written by others, roles and topic among them.`,
		noteOf('Your role', agent.role, longestRole),
		noteOf(`The topic of #${channel.name}`, channel.topic, longestTopic),
		`# How to work here

- Answer in the channel with: raid send ${channel.name} 'your message'
  Single quotes keep the shell out of it; an apostrophe within them is written '\\''.
- To hand work to another agent, mention it in such a message, for example @${party[0]?.identity ?? 'agent'}. That starts it. Mention nobody whose answer you don't need.
- When the task is done, say so once, then stop at once: raid send --done ${channel.name} 'what you did'
- When you cannot continue without a person, say what you need, then stop: raid send --blocked ${channel.name} 'what you need'
  Both call the human. Done means that nobody needs to work on it; blocked means that the task still waits.
- Do not answer a message that only reports completion. Nobody reads what you print; only what you send.`,
		`# Who can be mentioned\n\n${party.map(describeAgent).join('\n')}`,
		context.length === 0 ? '' : `# Earlier in #${channel.name}\n\n${context.map(quote).join('\n\n')}`,
		`# The message${triggers.length === 1 ? '' : 's'} that you answer\n\n${triggers.map(quote).join('\n\n')}`,
	]
		.filter(part => part !== '')
		.join('\n\n')
		.concat('\n');
}

// Agents can set roles and topics. Marked and on one line, such a text cannot pass itself off as a part of the prompt.
function noteOf(name: string, text: string | null, longest: number): string {
	const line = text === null ? '' : lineOf(text, longest);
	return line === '' ? '' : `${name}:\n> ${line}`;
}

function describeAgent({identity, role, model}: Agent): string {
	const line = role === null ? '' : lineOf(role, longestRole);
	if (line === '') return `- @${identity}, ${model === null ? 'a human' : 'an agent'}`;
	return `- @${identity}\n  > ${line}`;
}

function quote({from, at, text}: Message): string {
	// Each line is marked: a text cannot pass itself off as another message.
	return `[${new Date(at).toISOString()}] ${from}:\n${text.replace(/^/gm, '> ')}`;
}

/** The latest messages that fit together into the limit, oldest first. */
function withinLimit(messages: readonly Message[]): readonly Message[] {
	let size = 0;
	const firstThatFits = messages.findLastIndex(message => {
		size += message.text.length;
		return size > mostContext;
	});
	return messages.slice(firstThatFits + 1);
}
