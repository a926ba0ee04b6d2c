import {presentQuery, type Query} from '../model/query.ts';
import type {ViewState} from './state.ts';

/** The query for the data that the view shows. */
export function queryOf({channel, panes}: ViewState): Query {
	const {tail} = panes;
	const messages = tail.type === 'following' ? presentQuery.messages : {count: tail.count, before: null};
	return {...presentQuery, channel, messages};
}
