import * as v from 'valibot';
import type {Channel} from '../model/channel.ts';
import {textOrNull, time, timeOrNull, timestamp, timestampOrNull} from './common.ts';

/** One channel; `messages` counts them. */
export const channelSchema = v.strictObject({
	name: v.string(),
	topic: textOrNull,
	messages: v.number(),
	lastMessageAt: timestampOrNull,
	createdAt: timestamp,
	archivedAt: timestampOrNull,
});

/** `raid channels`. */
export const channelsSchema = v.strictObject({channels: v.array(channelSchema)});

/** `raid channels create`: the name of the new channel. */
export const createdChannelSchema = v.strictObject({channel: v.string()});

/** A channel as a part of documents. */
export function channelDocument(channel: Channel): v.InferOutput<typeof channelSchema> {
	return {
		name: channel.name,
		topic: channel.topic,
		messages: channel.messages,
		lastMessageAt: timeOrNull(channel.lastMessageAt),
		createdAt: time(channel.createdAt),
		archivedAt: timeOrNull(channel.archivedAt),
	};
}
