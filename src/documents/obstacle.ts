import * as v from 'valibot';

/** An agent that cannot run here. */
export const obstacleSchema = v.strictObject({
	agent: v.string(),
	type: v.picklist(['program', 'login']),
	text: v.string(),
	help: v.string(),
});

type ObstacleDocument = v.InferOutput<typeof obstacleSchema>;

/** An agent that cannot run here, as a part of documents. */
export function obstacleDocument({agent, type, text, help}: ObstacleDocument): ObstacleDocument {
	return {agent, type, text, help};
}
